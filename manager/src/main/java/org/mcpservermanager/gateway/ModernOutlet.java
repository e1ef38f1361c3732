package org.mcpservermanager.gateway;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import org.mcpservermanager.gateway.modern.RequestMeta;
import org.mcpservermanager.gateway.modern.Visit;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;

/**
 * The answer to one stateless request: JSON when the response comes first, an event stream as soon as something else does. What is
 * sent is put in line under the monitor and written without it, by one thread at a time: writing may find that the client is gone,
 * and who is told of that may do anything.
 */
final class ModernOutlet implements Visit {
    private final Message request;
    private final RequestMeta meta;
    private final Reply reply;
    private final boolean json;
    private final boolean events;
    private final long begunAt = System.nanoTime();
    private static final int DUE_MAX = 1024;

    /** These are guarded by this. */
    private final List<Runnable> listeners = new ArrayList<>();

    private final Queue<Runnable> due = new ArrayDeque<>();
    private boolean writing;
    private boolean streaming; // it is decided that the answer is a stream
    private boolean ended;
    private boolean gone;
    /** Written only by who writes. */
    private volatile Sink sink;

    ModernOutlet(Incoming incoming, Message request, RequestMeta meta, Reply reply) {
        this.request = request;
        this.meta = meta;
        this.reply = reply;
        this.json = incoming.acceptsJson();
        this.events = incoming.acceptsEvents();
    }

    @Override
    public Message request() {
        return request;
    }

    @Override
    public RequestMeta meta() {
        return meta;
    }

    /** What an older server says, as far as this request asked for it. */
    @Override
    public void tell(Message notification) {
        switch (notification.method()) {
            case Method.PROGRESS -> {
                if (!meta.progressToken().isEmpty()) {
                    push(notification.withProgressToken(meta.progressToken()));
                }
            }
            case Method.LOG -> {
                if (isLogWanted(notification.param("level"))) {
                    push(notification);
                }
            }
            default -> {
                // nothing else belongs to a call
            }
        }
    }

    private boolean isLogWanted(String level) {
        return LogLevel.named(meta.logLevel())
                .filter(wanted -> wanted.admits(level))
                .isPresent();
    }

    /** Sends it as it is; nothing when the client takes no streams, or the request is over. */
    void push(Message message) {
        putInLine(message);
        write();
    }

    /** The same, sent with what is sent next. */
    void putInLine(Message message) {
        boolean isReading;
        synchronized (this) {
            if (!events || ended || gone) {
                return;
            }
            isReading = due.size() < DUE_MAX;
            if (isReading) {
                streaming = true;
                due.add(() -> onStream(stream -> stream.send("", message.bytes())));
            }
        }
        if (!isReading) {
            closed();
        }
    }

    /** Makes a client that waits in silence show whether it is still there: only what is written to a client tells that. */
    void keepAlive(long silenceNanos) {
        synchronized (this) {
            if (!events || ended || gone || !due.isEmpty()) {
                return;
            }
            if (!streaming && System.nanoTime() - begunAt > silenceNanos) {
                streaming = true;
                due.add(() -> onStream(Sink::open));
            } else if (streaming && !request.method().equals(Method.SUBSCRIPTIONS_LISTEN)) {
                // a call goes on at its server until its client is known to be gone
                due.add(() -> onStream(Sink::touch));
            }
        }
        write();
    }

    void write() {
        for (Runnable next = next(); next != null; next = next()) {
            try {
                next.run();
            } catch (RuntimeException unwritten) {
                closed();
                throw unwritten;
            } finally {
                synchronized (this) {
                    writing = false;
                }
            }
        }
    }

    /** Null when there is none, or somebody writes already and goes on with it. */
    private synchronized Runnable next() {
        Runnable next = writing ? null : due.poll();
        writing |= next != null;
        return next;
    }

    private void onStream(Consumer<Sink> writing) {
        boolean isNew = sink == null;
        if (isNew) {
            sink = reply.stream(Map.of());
        }
        writing.accept(sink);
        if (isNew) {
            sink.onClose(this::closed);
        }
    }

    private void closed() {
        List<Runnable> told;
        synchronized (this) {
            if (ended || gone) {
                return;
            }
            gone = true;
            told = List.copyOf(listeners);
            listeners.clear();
        }
        told.forEach(Runnable::run);
    }

    @Override
    public void end(Message response) {
        synchronized (this) {
            if (ended || gone) {
                return;
            }
            ended = true;
            listeners.clear();
            streaming |= !json;
            due.add(streaming ? () -> onStream(stream -> last(stream, response)) : () -> whole(response));
        }
        write();
    }

    private static void last(Sink stream, Message response) {
        stream.send("", response.bytes());
        stream.end();
    }

    private void whole(Message response) {
        reply.answer(new Answer(status(response), Map.of(), response.bytes()));
    }

    /** An answer outside of JSON-RPC, while nothing was sent. */
    void refuse(Answer answer) {
        synchronized (this) {
            if (ended || gone || streaming) {
                return;
            }
            ended = true;
            listeners.clear();
            due.add(() -> reply.answer(answer));
        }
        write();
    }

    void fail(RpcError error) {
        end(Message.error(request.id(), error));
    }

    private static int status(Message response) {
        if (response.kind() != Message.Kind.ERROR) {
            return Answer.OK;
        }
        return switch (JsonText.member(response.error(), "code")) {
            case "-32601" -> Answer.NOT_FOUND;
            case "-32020", "-32021", "-32022" -> Answer.BAD_REQUEST;
            default -> Answer.OK;
        };
    }

    /** Whether something that was sent is on its way still, because the client does not read. */
    boolean isBehind() {
        Sink stream = sink;
        return stream != null && stream.isBehind();
    }

    synchronized boolean isOver() {
        return ended || gone;
    }

    boolean takesEvents() {
        return events;
    }

    @Override
    public void onGone(Runnable listener) {
        synchronized (this) {
            if (ended) {
                return;
            }
            if (!gone) {
                listeners.add(listener);
                return;
            }
        }
        listener.run();
    }
}

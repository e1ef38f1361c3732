package org.mcpservermanager.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mcpservermanager.gateway.modern.RequestMeta;
import org.mcpservermanager.gateway.modern.Visit;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;

/**
 * The answer to one stateless request: JSON when the response comes first, an event stream as soon as something else does. Guarded
 * by this; listeners are called without it.
 */
final class ModernOutlet implements Visit {
    private final Message request;
    private final RequestMeta meta;
    private final Reply reply;
    private final boolean json;
    private final boolean events;
    private final long begunAt = System.nanoTime();
    private final List<Runnable> listeners = new ArrayList<>();
    private Sink sink;
    private boolean ended;
    private boolean gone;

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
        Sink opened;
        synchronized (this) {
            if (!events || ended || gone) {
                return;
            }
            opened = open();
            sink.send("", message.bytes());
        }
        watch(opened);
    }

    /** Makes a client that waits in silence show whether it is still there: only what is written to a client tells that. */
    void keepAlive(long silenceNanos) {
        Sink opened = null;
        Sink waiting;
        synchronized (this) {
            if (!events || ended || gone) {
                return;
            }
            waiting = sink;
            if (waiting == null && System.nanoTime() - begunAt > silenceNanos) {
                opened = open();
                sink.open();
            }
        }
        watch(opened);
        if (waiting != null && !request.method().equals(Method.SUBSCRIPTIONS_LISTEN)) {
            waiting.touch(); // a call goes on at its server until its client is known to be gone
        }
    }

    /** Guarded by this. The stream when it was opened just now, null when it was before. */
    private Sink open() {
        if (sink != null) {
            return null;
        }
        sink = reply.stream(Map.of());
        return sink;
    }

    private void watch(Sink opened) {
        if (opened != null) {
            opened.onClose(this::closed);
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
        Sink stream;
        synchronized (this) {
            if (ended || gone) {
                return;
            }
            ended = true;
            listeners.clear();
            if (sink == null && !json) {
                sink = reply.stream(Map.of());
            }
            stream = sink;
        }
        if (stream != null) {
            stream.send("", response.bytes());
            stream.end();
        } else {
            reply.answer(new Answer(status(response), Map.of(), response.bytes()));
        }
    }

    /** An answer outside of JSON-RPC, while nothing was sent. */
    void refuse(Answer answer) {
        synchronized (this) {
            if (ended || gone || sink != null) {
                return;
            }
            ended = true;
            listeners.clear();
        }
        reply.answer(answer);
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

package org.mcpservermanager.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.mcpservermanager.protocol.Batch;
import org.mcpservermanager.protocol.MalformedMessage;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Text;

/**
 * Brings what comes on many connections to one receiver, one thing at a time and in order of arrival, on the thread of whoever
 * comes first. Bounded by its callers: each connection asks for more only when what it brought was handed on.
 */
final class Intake {
    private static final int NOISE_PER_SECOND = 100;
    private static final int EXCERPT_MAX = 1000;
    private static final System.Logger LOG = System.getLogger(Intake.class.getName());

    private final String name;
    private final Deque<Runnable> waiting = new ArrayDeque<>(); // guarded by waiting
    private boolean busy; // guarded by waiting
    private final Allowance noise = new Allowance(NOISE_PER_SECOND); // only in turn
    private volatile Link.Receiver receiver; // set once, before anything can come
    private volatile boolean closed;

    Intake(String name) {
        this.name = name;
    }

    void open(Link.Receiver to) {
        Objects.requireNonNull(to, "receiver");
        if (receiver != null) {
            throw new IllegalStateException("the link " + name + " was opened before");
        }
        receiver = to;
    }

    /** Runs now, or when its turn comes. */
    void inTurn(Runnable task) {
        synchronized (waiting) {
            waiting.add(task);
            if (busy) {
                return;
            }
            busy = true;
        }
        for (Runnable next = next(); next != null; next = next()) {
            guarded(next);
        }
    }

    private Runnable next() {
        synchronized (waiting) {
            Runnable next = waiting.poll();
            busy = next != null;
            return next;
        }
    }

    /** In turn. What a frame holds goes to the receiver; {@code seen} is told each message before. */
    void frame(byte[] bytes, Consumer<Message> seen) {
        messages(bytes, message -> {
            seen.accept(message);
            deliver(message);
        });
    }

    /** In turn. What a frame holds: a message, several, or neither. */
    void messages(byte[] bytes, Consumer<Message> taker) {
        if (closed) {
            return;
        }
        if (!Batch.isBatch(bytes)) {
            message(bytes, taker);
            return;
        }
        try {
            Batch.split(bytes).forEach(part -> message(part, taker));
        } catch (MalformedMessage e) {
            noise(e.getMessage() + ": " + excerpt(bytes));
        }
    }

    private void message(byte[] bytes, Consumer<Message> taker) {
        Message message;
        try {
            message = Message.parse(bytes);
        } catch (MalformedMessage e) {
            noise(e.getMessage() + ": " + excerpt(bytes));
            return;
        }
        taker.accept(message);
    }

    /** In turn. */
    void deliver(Message message) {
        if (!closed) {
            guarded(() -> receiver.onMessage(message));
        }
    }

    /** In turn. */
    void noise(String excerpt) {
        if (closed || !noise.permit()) {
            return;
        }
        long refused = noise.takeRefused();
        if (refused > 0) {
            guarded(() -> receiver.onNoise("(" + refused + " lines before this one are not shown)"));
        }
        guarded(() -> receiver.onNoise(Text.oneLine(excerpt, EXCERPT_MAX)));
    }

    /** In turn. An event longer than any message may be was not kept. */
    void cutEvent(long length) {
        noise("an event of " + length + " bytes was cut (expected: at most " + HttpLink.MESSAGE_MAX + ")");
    }

    /** The last thing the receiver hears; called once. */
    void close(String reason) {
        closed = true;
        if (receiver != null) {
            inTurn(() -> receiver.onClosed(reason));
        }
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            // a receiver that fails on one message must not end the conversation of all others
            LOG.log(System.Logger.Level.ERROR, name + ": the receiver failed", e);
        }
    }

    /** The error that a refusal's body holds, if it is one of ours and no page of a proxy. */
    static Optional<Message> errorIn(byte[] body) {
        if (body.length == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(Message.parse(body)).filter(m -> m.kind() == Message.Kind.ERROR);
        } catch (MalformedMessage page) {
            // an error page of some proxy says no more than the status
            return Optional.empty();
        }
    }

    static String excerpt(byte[] bytes) {
        return Text.oneLine(new String(bytes, 0, Math.min(bytes.length, EXCERPT_MAX * 4), UTF_8), EXCERPT_MAX);
    }
}

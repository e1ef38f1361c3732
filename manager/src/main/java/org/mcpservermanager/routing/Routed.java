package org.mcpservermanager.routing;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.conversation.ForwardingExchange;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.supervision.Supervisor;

/** An exchange on its way through the router: counted once when it begins and once when it ends, however it ends. */
final class Routed implements ForwardingExchange {
    private final Exchange exchange;
    private final Message request;
    private final Supervisor supervisor;
    private final Losses losses;
    private volatile Conversation copy; // where it was sent last; null: nowhere
    private final long begunAt = System.nanoTime();

    private enum Over implements Runnable {
        OVER;

        @Override
        public void run() {
            // there is nothing left to do
        }
    }

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicReference<Runnable> atEnd = new AtomicReference<>();

    Routed(Exchange exchange, Supervisor supervisor, Losses losses) {
        this.exchange = exchange;
        this.request = exchange.request();
        this.supervisor = supervisor;
        this.losses = losses;
        supervisor.traffic().began();
    }

    /** To be called before it is. */
    void sentTo(Conversation conversation) {
        copy = conversation;
    }

    /** What to do when it ends, at once when it has. */
    void onEnd(Runnable action) {
        if (!atEnd.compareAndSet(null, action)) {
            action.run();
        }
    }

    @Override
    public Exchange inner() {
        return exchange;
    }

    @Override
    public Message request() {
        return request;
    }

    @Override
    public void complete(Message response) {
        if (response.kind() == Message.Kind.ERROR && isLost(response)) {
            losses.explained(response, supervisor).thenAccept(this::end);
        } else {
            end(response);
        }
    }

    /** Another manager may be the server, and say this of a server of its own: its words stay as they are. */
    private boolean isLost(Message error) {
        return copy != null && Harmless.isLost(error) && (copy.isOver() || Refusal.isUnsigned(error.error()));
    }

    private void end(Message response) {
        if (finish(response.kind() == Message.Kind.ERROR)) {
            exchange.complete(response);
        }
    }

    /** The client gave up: no outcome will come. */
    void cancelled() {
        finish(false);
    }

    private boolean finish(boolean isError) {
        boolean first = over.compareAndSet(false, true);
        if (first) {
            supervisor.traffic().finished(isError, System.nanoTime() - begunAt);
            Runnable action = atEnd.getAndSet(Over.OVER);
            if (action != null) {
                action.run();
            }
        }
        return first;
    }
}

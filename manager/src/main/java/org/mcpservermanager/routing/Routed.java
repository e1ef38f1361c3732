package org.mcpservermanager.routing;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.conversation.ForwardingExchange;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.supervision.Traffic;

/** An exchange on its way through the router: counted once when it begins and once when it ends, however it ends. */
final class Routed implements ForwardingExchange {
    private final Exchange exchange;
    private final Message request;
    private final Traffic traffic;
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

    Routed(Exchange exchange, Message request, Traffic traffic) {
        this.exchange = exchange;
        this.request = request;
        this.traffic = traffic;
        traffic.began();
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
            traffic.finished(isError, System.nanoTime() - begunAt);
            Runnable action = atEnd.getAndSet(Over.OVER);
            if (action != null) {
                action.run();
            }
        }
        return first;
    }
}

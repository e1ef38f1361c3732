package org.mcpservermanager.routing;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.supervision.Traffic;

/** An exchange on its way through the router: counted once when it begins and once when it ends, however it ends. */
final class Routed implements Exchange {
    private final Exchange exchange;
    private final Message request;
    private final Traffic traffic;
    private final long begunAt = System.nanoTime();
    private final AtomicBoolean over = new AtomicBoolean();

    Routed(Exchange exchange, Message request, Traffic traffic) {
        this.exchange = exchange;
        this.request = request;
        this.traffic = traffic;
        traffic.began();
    }

    @Override
    public Message request() {
        return request;
    }

    @Override
    public Client client() {
        return exchange.client();
    }

    @Override
    public void tell(Message notification) {
        exchange.tell(notification);
    }

    @Override
    public CompletionStage<Message> ask(Message question) {
        return exchange.ask(question);
    }

    @Override
    public void refused(Message question) {
        exchange.refused(question);
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
        }
        return first;
    }
}

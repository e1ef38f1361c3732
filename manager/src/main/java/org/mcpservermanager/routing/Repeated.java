package org.mcpservermanager.routing;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.protocol.Message;

/** An exchange that may run twice: when its first run was lost, somebody else decides what becomes of it. */
record Repeated(Exchange exchange, Consumer<Message> onLost) implements Exchange {
    @Override
    public Message request() {
        return exchange.request();
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
        if (Harmless.isLost(response)) {
            onLost.accept(response);
        } else {
            exchange.complete(response);
        }
    }
}

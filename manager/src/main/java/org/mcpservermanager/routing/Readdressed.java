package org.mcpservermanager.routing;

import java.util.concurrent.CompletionStage;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.protocol.Message;

/** An exchange whose request was changed on the way. */
record Readdressed(Exchange exchange, Message request) implements Exchange {
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
        exchange.complete(response);
    }
}

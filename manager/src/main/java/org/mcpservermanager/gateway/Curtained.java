package org.mcpservermanager.gateway;

import java.util.concurrent.CompletionStage;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.protocol.Message;

/**
 * A client's exchange with a server of which it does not see all.
 *
 * @param request with the names that the server knows
 */
record Curtained(Exchange inner, Message request, Curtain curtain) implements Exchange {
    @Override
    public Client client() {
        return inner.client();
    }

    @Override
    public void tell(Message notification) {
        inner.tell(notification);
    }

    @Override
    public CompletionStage<Message> ask(Message question) {
        return inner.ask(question);
    }

    @Override
    public void refused(Message question) {
        inner.refused(question);
    }

    @Override
    public void complete(Message response) {
        inner.complete(curtain.outward(request.method(), response));
    }
}

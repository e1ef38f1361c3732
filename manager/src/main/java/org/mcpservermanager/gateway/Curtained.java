package org.mcpservermanager.gateway;

import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.conversation.ForwardingExchange;
import org.mcpservermanager.protocol.Message;

/**
 * A client's exchange with a server of which it does not see all.
 *
 * @param request with the names that the server knows
 */
record Curtained(Exchange inner, Message request, Curtain curtain) implements ForwardingExchange {

    @Override
    public void complete(Message response) {
        inner.complete(curtain.outward(request.method(), response));
    }
}

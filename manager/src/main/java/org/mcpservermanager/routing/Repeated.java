package org.mcpservermanager.routing;

import java.util.function.Consumer;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.conversation.ForwardingExchange;
import org.mcpservermanager.protocol.Message;

/** An exchange that may run twice: when its first run was lost, somebody else decides what becomes of it. */
record Repeated(Exchange inner, Consumer<Message> onLost) implements ForwardingExchange {

    @Override
    public void complete(Message response) {
        if (Harmless.isLost(response)) {
            onLost.accept(response);
        } else {
            inner.complete(response);
        }
    }
}

package org.mcpservermanager.conversation;

import java.util.function.Consumer;
import org.mcpservermanager.protocol.Message;

/**
 * Another request on the way to the outcome of an exchange: what the server asks and tells meanwhile is the client's.
 *
 * @param then told the answer
 */
public record Subrequest(Exchange inner, Message request, Consumer<Message> then) implements ForwardingExchange {
    @Override
    public void complete(Message response) {
        then.accept(response);
    }
}

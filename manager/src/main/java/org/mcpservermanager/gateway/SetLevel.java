package org.mcpservermanager.gateway;

import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;

/** Passes a session's log level on to one of its servers; the client was answered already. */
record SetLevel(Client client, LogLevel level) implements Exchange {
    @Override
    public Message request() {
        return Message.request("1", Method.LOGGING_SET_LEVEL, "{\"level\":\"" + level.word() + "\"}");
    }

    @Override
    public void tell(Message notification) {
        client.tell(notification);
    }

    @Override
    public void complete(Message response) {
        // a server that refuses the level keeps its own; the gateway filters by the level anyway
    }
}

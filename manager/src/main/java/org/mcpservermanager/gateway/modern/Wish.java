package org.mcpservermanager.gateway.modern;

import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;

/** What an older server is to do from now on: a log level, a resource to watch, a task to end; params are raw JSON. */
record Wish(Client client, String method, String params) implements Exchange {
    /** That it end a task; the id is the server's. */
    static Wish endOfTask(Client client, String task) {
        return new Wish(client, Method.TASKS_CANCEL, "{\"taskId\":" + JsonText.quote(task) + "}");
    }

    @Override
    public Message request() {
        return Message.request("1", method, params);
    }

    @Override
    public void tell(Message notification) {
        // nobody waits for it, so nobody listens
    }

    @Override
    public void complete(Message response) {
        // a server that refuses goes on as before; clients are told only what they asked for anyway
    }
}

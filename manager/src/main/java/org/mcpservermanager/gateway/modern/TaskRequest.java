package org.mcpservermanager.gateway.modern;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;

/** What an older server is asked about a task. Its questions and its news go to the task, whichever request they come with. */
record TaskRequest(Message request, BridgedTask task, Client client, Consumer<Message> then) implements Exchange {
    static TaskRequest of(String method, BridgedTask task, Consumer<Message> then) {
        Message request = Message.request("1", method, "{\"taskId\":" + JsonText.quote(task.own()) + "}");
        return new TaskRequest(request, task, task.standin(), then);
    }

    @Override
    public void tell(Message notification) {
        task.tell(notification);
    }

    @Override
    public CompletionStage<Message> ask(Message question) {
        return task.ask(question);
    }

    @Override
    public void complete(Message response) {
        then.accept(response);
    }
}

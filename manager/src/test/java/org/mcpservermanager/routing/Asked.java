package org.mcpservermanager.routing;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.protocol.Message;

/** A client session that can be asked: it accepts, and its name is Ada. */
final class Asked implements Client {
    final BlockingQueue<Message> told = new LinkedBlockingQueue<>();

    @Override
    public Profile profile() {
        return new Profile("2025-11-25", "{\"elicitation\":{}}", "{\"name\":\"asked\",\"version\":\"1\"}", true);
    }

    @Override
    public void tell(Message notification) {
        told.add(notification);
    }

    @Override
    public CompletionStage<Message> ask(Message question) {
        return CompletableFuture.completedFuture(
                Message.result(question.id(), "{\"action\":\"accept\",\"content\":{\"name\":\"Ada\"}}"));
    }
}

package org.mcpservermanager.health;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;

/** The manager as the client that checks: it asks, and cannot be asked. */
record Inspector(Profile profile) implements Client {
    @Override
    public boolean isManager() {
        return true;
    }

    @Override
    public void tell(Message notification) {
        // What a server says beside the answer does not make it better or worse.
    }

    @Override
    public CompletionStage<Message> ask(Message question) {
        return CompletableFuture.completedFuture(Message.error(
                question.id(),
                RpcError.of(RpcError.METHOD_NOT_FOUND, "a health check cannot be asked: " + question.method())));
    }
}

package org.mcpservermanager.conversation;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;

/** The manager itself as a client: it asks, and cannot be asked. */
public record ManagerClient(Profile profile) implements Client {
    @Override
    public boolean isManager() {
        return true;
    }

    @Override
    public void tell(Message notification) {
        // it is never attached, and what it wants to know is in the answer
    }

    @Override
    public CompletionStage<Message> ask(Message question) {
        return CompletableFuture.completedFuture(Message.error(
                question.id(),
                RpcError.of(RpcError.METHOD_NOT_FOUND, "the manager cannot be asked: " + question.method())));
    }
}

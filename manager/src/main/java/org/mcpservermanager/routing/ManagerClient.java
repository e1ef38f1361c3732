package org.mcpservermanager.routing;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;

/** The manager itself as a client: it asks, and cannot be asked. */
public final class ManagerClient implements Client {
    private final Profile profile;

    public ManagerClient(Profile profile) {
        this.profile = profile;
    }

    @Override
    public Profile profile() {
        return profile;
    }

    @Override
    public boolean isManager() {
        return true;
    }

    @Override
    public void tell(Message notification) {
        // It is never attached, and its calls need no progress.
    }

    @Override
    public CompletionStage<Message> ask(Message question) {
        return CompletableFuture.completedFuture(Message.error(
                question.id(),
                RpcError.of(RpcError.METHOD_NOT_FOUND, "the manager cannot be asked: " + question.method())));
    }
}

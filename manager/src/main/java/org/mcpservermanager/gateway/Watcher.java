package org.mcpservermanager.gateway;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;

/** The gateway itself as a client of one server: it reads lists and can be asked nothing. */
record Watcher(Consumer<String> onNotification) implements Client {
    private static final Profile PROFILE = new Profile(
            Revisions.LATEST_LEGACY, "{}", "{\"name\":\"" + AllServers.NAME + "\",\"version\":\"1\"}", false);

    @Override
    public Profile profile() {
        return PROFILE;
    }

    @Override
    public boolean isManager() {
        return true;
    }

    @Override
    public void tell(Message notification) {
        onNotification.accept(notification.method());
    }

    @Override
    public CompletionStage<Message> ask(Message question) {
        return CompletableFuture.completedFuture(Message.error(
                question.id(), RpcError.of(RpcError.METHOD_NOT_FOUND, "The manager answers no " + question.method())));
    }
}

package org.mcpservermanager.gateway;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Product;
import org.mcpservermanager.protocol.RpcError;

/**
 * The gateway itself as a client of one server: it reads lists and can be asked nothing. With the profile of clients that can be
 * asked it gets a copy of its own, which offers what such clients are offered.
 */
record Watcher(Profile profile, Consumer<String> onNotification) implements Client {
    static final Profile PLAIN = new Profile(Revisions.LATEST_LEGACY, "{}", Product.INFO, false);

    @Override
    public boolean isManager() {
        return !profile.interactive();
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

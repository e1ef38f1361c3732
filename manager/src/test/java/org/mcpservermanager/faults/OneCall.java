package org.mcpservermanager.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.protocol.MalformedMessage;
import org.mcpservermanager.protocol.Message;

/** One request of a client that cannot be asked and listens to nothing else. */
final class OneCall implements Exchange, Client {
    private final Message request;
    private final Profile profile;
    private final Consumer<Message> outcome;

    OneCall(String request, Profile profile, Consumer<Message> outcome) {
        this.profile = profile;
        this.outcome = outcome;
        try {
            this.request = Message.parse(request.getBytes(UTF_8));
        } catch (MalformedMessage malformed) {
            throw new AssertionError(request, malformed);
        }
    }

    @Override
    public Message request() {
        return request;
    }

    @Override
    public Client client() {
        return this;
    }

    @Override
    public void complete(Message response) {
        outcome.accept(response);
    }

    @Override
    public Profile profile() {
        return profile;
    }

    @Override
    public void tell(Message notification) {
        // Nobody listens.
    }

    @Override
    public CompletionStage<Message> ask(Message question) {
        return CompletableFuture.failedFuture(new IllegalStateException("cannot be asked"));
    }
}

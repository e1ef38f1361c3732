package org.mcpservermanager.conversation;

import java.util.concurrent.CompletableFuture;
import org.mcpservermanager.protocol.Message;

/** One request of the manager itself, or in the name of a client that need not hear of it. */
public final class DirectExchange implements Exchange {
    private final Message request;
    private final Client client;
    private final CompletableFuture<Message> outcome = new CompletableFuture<>();

    public DirectExchange(Message request, Client client) {
        this.request = request;
        this.client = client;
    }

    public CompletableFuture<Message> outcome() {
        return outcome;
    }

    @Override
    public Message request() {
        return request;
    }

    @Override
    public Client client() {
        return client;
    }

    @Override
    public void tell(Message notification) {
        client.tell(notification);
    }

    @Override
    public void complete(Message response) {
        outcome.complete(response);
    }
}

package org.mcpservermanager.gateway;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;

/** A stateless client's call at a server of its own era: everything passes as it is. */
final class PassedCall implements Exchange {
    private final Message request;
    private final Client client;
    private final ModernOutlet outlet;
    private final View view;
    private final Runnable onOver;
    private final AtomicBoolean over = new AtomicBoolean();

    /** What the client sees of what the server says. */
    interface View {
        boolean tells(Message notification);

        Message shown(Message response);
    }

    /** @param request with the names the server knows */
    PassedCall(Message request, Client client, ModernOutlet outlet, View view, Runnable onOver) {
        this.request = request;
        this.client = client;
        this.outlet = outlet;
        this.view = view;
        this.onOver = onOver;
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
        if (view.tells(notification)) {
            outlet.push(notification);
        }
    }

    /** Servers of this era ask by their results. */
    @Override
    public CompletionStage<Message> ask(Message question) {
        return CompletableFuture.completedFuture(Message.error(
                question.id(),
                RpcError.of(RpcError.METHOD_NOT_FOUND, "A stateless client answers no " + question.method())));
    }

    @Override
    public void complete(Message response) {
        finish();
        outlet.end(view.shown(response));
    }

    /** Over, with a response or without. */
    void finish() {
        if (over.compareAndSet(false, true)) {
            onOver.run();
        }
    }
}

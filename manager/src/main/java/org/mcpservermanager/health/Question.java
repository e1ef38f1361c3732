package org.mcpservermanager.health;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.HealthPolicy;
import org.mcpservermanager.server.Text;

/** The request of one check on its way. */
final class Question implements Exchange {
    private static final String ID = "\"health\"";
    private static final int QUOTED_MAX = 200;
    private final Message request;
    private final Client client;
    private final CompletableFuture<Optional<String>> verdict = new CompletableFuture<>();

    Question(HealthPolicy.Request request, Client client) {
        this.request = Message.request(ID, request.method(), request.params());
        this.client = client;
    }

    CompletableFuture<Optional<String>> verdict() {
        return verdict;
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
        verdict.complete(issue(response));
    }

    private Optional<String> issue(Message response) {
        if (response.kind() != Message.Kind.ERROR) {
            return Optional.empty();
        }
        String code = JsonText.member(response.error(), "code");
        // A server that does not know ping has read it, thought, and answered.
        boolean knowsNoPing =
                request.method().equals(Method.PING) && code.equals(Integer.toString(RpcError.METHOD_NOT_FOUND));
        return knowsNoPing
                ? Optional.empty()
                : Optional.of(request.method() + " was answered with error " + Text.oneLine(code, 20) + ": "
                        + message(response));
    }

    private static String message(Message response) {
        String raw = JsonText.member(response.error(), "message");
        return Text.oneLine(raw.isEmpty() ? "" : JsonText.unquote(raw), QUOTED_MAX);
    }
}

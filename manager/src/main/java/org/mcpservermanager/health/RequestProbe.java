package org.mcpservermanager.health;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.DirectExchange;
import org.mcpservermanager.conversation.ManagerClient;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.HealthPolicy;
import org.mcpservermanager.server.Text;

/** Asks a server by MCP. */
public final class RequestProbe implements Probe {
    private static final String ID = "\"health\"";
    private static final int QUOTED_MAX = 200;
    private final Conversation conversation;
    private final HealthPolicy.Request request;
    private final Client manager;

    public RequestProbe(Conversation conversation, HealthPolicy.Request request, Profile profile) {
        this.conversation = conversation;
        this.request = request;
        this.manager = new ManagerClient(profile);
    }

    @Override
    public String question() {
        return request.method();
    }

    @Override
    public CompletableFuture<Optional<String>> check() {
        DirectExchange question = new DirectExchange(Message.request(ID, request.method(), request.params()), manager);
        CompletableFuture<Optional<String>> verdict = question.outcome().thenApply(this::issue);
        Call call = conversation.begin(question);
        verdict.whenComplete((issue, failure) -> call.cancel("the health check gave up"));
        return verdict;
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

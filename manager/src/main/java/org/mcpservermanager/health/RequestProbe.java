package org.mcpservermanager.health;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.ManagerClient;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.server.HealthPolicy;

/** Asks a server by MCP. */
public final class RequestProbe implements Probe {
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
        Question question = new Question(request, manager);
        Call call = conversation.begin(question);
        question.verdict().whenComplete((issue, failure) -> call.cancel("the health check gave up"));
        return question.verdict();
    }
}

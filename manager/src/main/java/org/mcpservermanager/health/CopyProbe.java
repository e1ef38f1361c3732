package org.mcpservermanager.health;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.server.HealthPolicy;

/** Looks at the process, and when that could answer, asks the server. */
public final class CopyProbe implements Probe {
    private final Child child;
    private final Conversation conversation;
    private final HealthPolicy.Request request;
    private final Inspector inspector;

    public CopyProbe(Child child, Conversation conversation, HealthPolicy.Request request, Profile profile) {
        this.child = child;
        this.conversation = conversation;
        this.request = request;
        this.inspector = new Inspector(profile);
    }

    @Override
    public String question() {
        return request.method();
    }

    @Override
    public CompletableFuture<Optional<String>> check() {
        return switch (child.condition()) {
            case GONE -> CompletableFuture.completedFuture(Optional.of("process " + child.pid() + " is gone"));
            case STOPPED ->
                CompletableFuture.completedFuture(
                        Optional.of("process " + child.pid() + " is stopped by a signal (state T)"));
            case ALIVE -> ask();
        };
    }

    private CompletableFuture<Optional<String>> ask() {
        Question question = new Question(request, inspector);
        Call call = conversation.begin(question);
        question.verdict().whenComplete((issue, failure) -> call.cancel("the health check gave up"));
        return question.verdict();
    }
}

package org.mcpservermanager.supervision;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.Owner;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.conversation.Terms;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.transport.InJvmLink;

/** Starts a custom server, and speaks MCP with it; asks what it speaks as a process is asked. */
final class CustomDialer implements Dialer {
    private final Opener opener;
    private final ScheduledExecutorService timer;

    CustomDialer(Opener opener, ScheduledExecutorService timer) {
        this.opener = opener;
        this.timer = timer;
    }

    @Override
    public boolean mayAsk(ServerSpec spec) {
        return opener.mayAsk(spec);
    }

    @Override
    public CompletionStage<Conversation> dial(
            ServerSpec spec, Child child, Profile offered, Owner owner, Listener listener) {
        InJvm server = (InJvm) child;
        InJvmLink link = server.link();
        Hears hears = new Hears(listener, cause -> link.problem().orElse(cause));
        Terms terms = Hears.terms(spec, offered, owner, hears, timer);
        return server.start(listener)
                .thenCompose(none -> opener.open(spec, link, terms))
                .exceptionallyCompose(failure -> CompletableFuture.failedStage(better(failure, link)));
    }

    /** What threw at the question what it speaks is asked no more, as a process that ended at it. */
    private static Throwable better(Throwable failure, InJvmLink link) {
        boolean isAnswer = Opener.problem(failure)
                .filter(problem -> problem.code().equals(Problem.NOT_MODERN))
                .isPresent();
        return isAnswer
                ? failure
                : link.problem().<Throwable>map(ProblemException::new).orElse(failure);
    }
}

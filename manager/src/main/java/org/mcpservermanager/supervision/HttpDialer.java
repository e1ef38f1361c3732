package org.mcpservermanager.supervision;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.LegacyConversation;
import org.mcpservermanager.conversation.Owner;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.conversation.Terms;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.transport.HttpLink;
import org.mcpservermanager.transport.NetworkLink;
import org.mcpservermanager.transport.SseLink;
import org.mcpservermanager.transport.Target;
import org.mcpservermanager.transport.Web;

/** Speaks MCP with a server over HTTP, in the newest way that the server knows. */
final class HttpDialer implements Dialer {
    private final Web web;
    private final ScheduledExecutorService timer;

    HttpDialer(Web web, ScheduledExecutorService timer) {
        this.web = web;
        this.timer = timer;
    }

    @Override
    public CompletionStage<Conversation> dial(
            ServerSpec spec, Child child, Profile offered, Owner owner, Listener listener) {
        Wire.Http http = (Wire.Http) spec.wire();
        Target target = new Target(http.url(), http.headers());
        Line line = new Line(spec, child, offered, owner, listener, timer);
        return http.legacySse()
                ? line.open(SseLink.to(spec.id(), target, web))
                : streamable(line, target);
    }

    private CompletionStage<Conversation> streamable(Line line, Target target) {
        HttpLink link = HttpLink.to(line.spec().id(), target, web);
        return line.open(link)
                .handle((opened, failure) -> failure == null
                        ? CompletableFuture.completedStage(opened)
                        : link.mayBeOlder()
                                ? otherwise(line.open(SseLink.to(line.spec().id(), target, web)), failure)
                                : CompletableFuture.<Conversation>failedStage(failure))
                .thenCompose(stage -> stage);
    }

    /** When the older way does not work either, what the newer one said is of more use. */
    private static CompletionStage<Conversation> otherwise(CompletionStage<Conversation> older, Throwable first) {
        return older.handle((opened, failure) -> failure == null
                        ? CompletableFuture.completedStage(opened)
                        : CompletableFuture.<Conversation>failedStage(first))
                .thenCompose(stage -> stage);
    }

    /** What all ways to one copy share. */
    private record Line(
            ServerSpec spec,
            Child child,
            Profile offered,
            Owner owner,
            Listener listener,
            ScheduledExecutorService timer) {
        private CompletionStage<Conversation> open(NetworkLink link) {
            if (child instanceof Elsewhere elsewhere) {
                elsewhere.tie(link, link.gone());
            }
            Hears hears = new Hears(listener, cause -> link.problem().orElse(cause));
            Terms terms = Hears.terms(spec, offered, owner, hears, timer);
            return LegacyConversation.open(link, terms).exceptionallyCompose(failure -> {
                Throwable better = link.problem().<Throwable>map(ProblemException::new).orElse(failure);
                return CompletableFuture.failedStage(better);
            });
        }
    }
}

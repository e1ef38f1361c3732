package org.mcpservermanager.supervision;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.LegacyConversation;
import org.mcpservermanager.conversation.ModernConversation;
import org.mcpservermanager.conversation.Owner;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.conversation.Terms;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Spoken;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.transport.HttpLink;
import org.mcpservermanager.transport.Link;
import org.mcpservermanager.transport.ModernHttpLink;
import org.mcpservermanager.transport.NetworkLink;
import org.mcpservermanager.transport.SseLink;
import org.mcpservermanager.transport.Target;
import org.mcpservermanager.transport.Web;

/** Speaks MCP with a server over HTTP, in the newest way that the server knows. */
final class HttpDialer implements Dialer {
    private static final int WAYS_MAX = 10_000;

    private enum Way {
        MODERN,
        STREAMABLE,
        SSE
    }

    private record Known(Target target, Way way) {}

    private final Web web;
    private final ScheduledExecutorService timer;

    private final Map<ServerId, Known> ways = new ConcurrentHashMap<>();

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
        return http.legacySse() ? legacy(line, target, Way.SSE) : newest(line, target);
    }

    /** The way that was good the last time is tried first; when it is not good any more, all are, the newest first. */
    private CompletionStage<Conversation> newest(Line line, Target target) {
        Known before = ways.get(line.spec().id());
        Spoken.Choice era = line.spec().spoken().era();
        if (era == Spoken.Choice.MODERN) {
            ModernHttpLink link = ModernHttpLink.to(line.spec().id(), target, web);
            return line.open(link, ModernConversation::open);
        }
        if (era == Spoken.Choice.LEGACY) {
            return legacy(line, target, Way.STREAMABLE);
        }
        if (before == null || !before.target().equals(target) || before.way() == Way.MODERN) {
            return modern(line, target);
        }
        return or(legacy(line, target, before.way()), failure -> {
            ways.remove(line.spec().id());
            return CompletableFuture.failedStage(failure);
        });
    }

    private CompletionStage<Conversation> modern(Line line, Target target) {
        ModernHttpLink link = ModernHttpLink.to(line.spec().id(), target, web);
        CompletionStage<Conversation> opened =
                remember(line, target, Way.MODERN, line.open(link, ModernConversation::open));
        return or(
                opened,
                failure -> isNotModern(failure)
                        ? legacy(line, target, Way.STREAMABLE)
                        : CompletableFuture.failedStage(failure));
    }

    private CompletionStage<Conversation> legacy(Line line, Target target, Way way) {
        if (way == Way.SSE) {
            SseLink link = SseLink.to(line.spec().id(), target, web);
            return remember(line, target, Way.SSE, line.legacy(link));
        }
        HttpLink link = HttpLink.to(line.spec().id(), target, web);
        CompletionStage<Conversation> opened = remember(line, target, Way.STREAMABLE, line.legacy(link));
        // when the older way does not work either, what the newer one said is of more use
        return or(
                opened,
                failure -> link.mayBeOlder()
                        ? or(legacy(line, target, Way.SSE), second -> CompletableFuture.failedStage(failure))
                        : CompletableFuture.failedStage(failure));
    }

    private CompletionStage<Conversation> remember(
            Line line, Target target, Way way, CompletionStage<Conversation> opening) {
        return opening.thenApply(opened -> {
            if (ways.size() >= WAYS_MAX) {
                ways.clear();
            }
            ways.put(line.spec().id(), new Known(target, way));
            return opened;
        });
    }

    private static CompletionStage<Conversation> or(
            CompletionStage<Conversation> first, Function<Throwable, CompletionStage<Conversation>> second) {
        return first.exceptionallyCompose(failure -> second.apply(
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure));
    }

    private static boolean isNotModern(Throwable failure) {
        return failure instanceof ProblemException known
                && known.problem().code().equals(Problem.NOT_MODERN);
    }

    /** What all ways to one copy share. */
    private record Line(
            ServerSpec spec,
            Child child,
            Profile offered,
            Owner owner,
            Listener listener,
            ScheduledExecutorService timer) {
        private CompletionStage<Conversation> legacy(NetworkLink link) {
            return open(link, LegacyConversation::open).thenApply(opened -> Opener.asPinned(spec, opened));
        }

        private CompletionStage<Conversation> open(
                NetworkLink link, BiFunction<Link, Terms, CompletionStage<Conversation>> opening) {
            if (child instanceof Elsewhere elsewhere) {
                elsewhere.tie(link, link.gone());
            }
            Hears hears = new Hears(listener, cause -> link.problem().orElse(cause));
            Terms terms = Opener.pinned(spec, Hears.terms(spec, offered, owner, hears, timer));
            return opening.apply(link, terms).exceptionallyCompose(failure -> {
                Throwable better =
                        link.problem().<Throwable>map(ProblemException::new).orElse(failure);
                return CompletableFuture.failedStage(better);
            });
        }
    }
}

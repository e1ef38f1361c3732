package org.mcpservermanager.supervision;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiFunction;
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
import org.mcpservermanager.transport.Link;
import org.mcpservermanager.transport.NetworkLink;
import org.mcpservermanager.transport.Target;
import org.mcpservermanager.transport.TcpLink;
import org.mcpservermanager.transport.Web;
import org.mcpservermanager.transport.WebSocketLink;

/** Speaks MCP with a server over a WebSocket or a TCP connection; with one that is not modern, over a second one. */
final class SocketDialer implements Dialer {
    private static final int LEGACY_MAX = 10_000;

    private final Web web;
    private final ScheduledExecutorService timer;
    private final Map<ServerId, Wire> legacy = new ConcurrentHashMap<>();

    SocketDialer(Web web, ScheduledExecutorService timer) {
        this.web = web;
        this.timer = timer;
    }

    @Override
    public CompletionStage<Conversation> dial(
            ServerSpec spec, Child child, Profile offered, Owner owner, Listener listener) {
        Spoken.Choice era = spec.spoken().era();
        if (era == Spoken.Choice.MODERN) {
            return open(spec, child, offered, owner, listener, ModernConversation::open);
        }
        if (era == Spoken.Choice.LEGACY || spec.wire().equals(legacy.remove(spec.id()))) {
            return open(spec, child, offered, owner, listener, this::legacy)
                    .thenApply(opened -> Opener.asPinned(spec, opened));
        }
        return open(spec, child, offered, owner, listener, ModernConversation::open)
                .exceptionallyCompose(failure -> isNotModern(failure)
                        ? open(spec, child, offered, owner, listener, this::legacy)
                                .thenApply(opened -> Opener.asPinned(spec, opened))
                        : CompletableFuture.failedStage(failure));
    }

    private CompletionStage<Conversation> legacy(Link link, Terms terms) {
        return LegacyConversation.open(link, terms);
    }

    private CompletionStage<Conversation> open(
            ServerSpec spec,
            Child child,
            Profile offered,
            Owner owner,
            Listener listener,
            BiFunction<Link, Terms, CompletionStage<Conversation>> opening) {
        return connect(spec).thenCompose(link -> {
            if (child instanceof Elsewhere elsewhere) {
                elsewhere.tie(link, link.gone());
            }
            Hears hears = new Hears(listener, cause -> link.problem().orElse(cause));
            Terms terms = Opener.pinned(spec, Hears.terms(spec, offered, owner, hears, timer));
            return opening.apply(link, terms).thenApply(opened -> remembered(spec, opened));
        });
    }

    private Conversation remembered(ServerSpec spec, Conversation opened) {
        if (opened instanceof LegacyConversation) {
            if (legacy.size() >= LEGACY_MAX) {
                legacy.clear();
            }
            legacy.put(spec.id(), spec.wire());
        }
        return opened;
    }

    private CompletableFuture<NetworkLink> connect(ServerSpec spec) {
        if (spec.wire() instanceof Wire.Tcp tcp) {
            return TcpLink.to(spec.id(), tcp.host(), tcp.port(), web);
        }
        Wire.WebSocket socket = (Wire.WebSocket) spec.wire();
        return WebSocketLink.to(spec.id(), new Target(socket.url(), socket.headers()), web);
    }

    private static boolean isNotModern(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof ProblemException known
                && (known.problem().code().equals(Problem.NOT_MODERN)
                        // a server may also hang up on what it does not know
                        || known.problem().code().equals(Problem.PROCESS_EXITED));
    }
}

package org.mcpservermanager.gateway;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.conversation.Peer;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.routing.Router;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;

/** The servers that one session uses: each is attached at its first use, and told the log level that the client wants. */
final class Attachments {
    private final Router router;
    private final Client client;
    private final Map<ServerId, CompletableFuture<Peer>> attached = new ConcurrentHashMap<>();
    private volatile LogLevel level = LogLevel.UNSET; // the client's last wish; older writes may lose

    Attachments(Router router, Client client) {
        this.router = router;
        this.client = client;
    }

    Set<ServerId> servers() {
        return attached.keySet();
    }

    LogLevel level() {
        return level;
    }

    /** From now on, for those that are attached later. */
    void resume(LogLevel known) {
        level = known;
    }

    void tellAll(LogLevel wanted) {
        level = wanted;
        attached.forEach((server, peer) -> peer.thenAccept(known -> tellLevel(server, known)));
    }

    Call forward(ServerId server, Exchange exchange) {
        CompletableFuture<Peer> peer = attached.get(server);
        if (peer != null && peer.isDone() && !peer.isCompletedExceptionally()) {
            return router.send(server, exchange);
        }
        LaterCall later = new LaterCall();
        attach(server).whenComplete((ready, failure) -> {
            if (failure == null) {
                later.begun(() -> router.send(server, exchange));
            } else {
                exchange.complete(Message.error(exchange.request().id(), error(failure)));
            }
        });
        return later;
    }

    /** A failed one is tried again by the next. */
    private CompletableFuture<Peer> attach(ServerId server) {
        CompletableFuture<Peer> made = new CompletableFuture<>();
        CompletableFuture<Peer> before = attached.putIfAbsent(server, made);
        if (before != null) {
            return before;
        }
        router.attach(server, client).whenComplete((peer, failure) -> {
            if (failure == null) {
                tellLevel(server, peer);
                made.complete(peer);
            } else {
                attached.remove(server, made);
                made.completeExceptionally(failure);
            }
        });
        return made;
    }

    private void tellLevel(ServerId server, Peer peer) {
        if (level != LogLevel.UNSET && RawJson.declares(peer.capabilities(), "logging")) {
            router.send(server, new SetLevel(client, level));
        }
    }

    private static RpcError error(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ProblemException known) {
            return Opening.unavailable(known.problem());
        }
        return Gateway.internal(cause instanceof RuntimeException runtime ? runtime : new CompletionException(cause));
    }
}

package org.mcpservermanager.routing;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.supervision.Supervisor;

/** The answers to calls that were lost with their copy: told when it is known what becomes of the server, or soon anyway. */
final class Losses {
    /** A link may end 25 ms before its copy is given up, and callers shall know within 50 ms. */
    private static final long NEWS_LIMIT_MILLIS = 40;

    private final Clock clock;
    private final Map<ServerId, CompletableFuture<Snapshot>> awaited = new ConcurrentHashMap<>();

    Losses(Clock clock) {
        this.clock = clock;
    }

    /** With the phase of the server and its next try. */
    CompletionStage<Message> explained(Message lost, Supervisor supervisor) {
        return afterwards(supervisor, Refusal.isUnsigned(lost.error()))
                .thenApply(
                        server -> Message.error(lost.id(), Refusal.explained(lost.error(), server, clock.instant())));
    }

    private CompletionStage<Snapshot> afterwards(Supervisor supervisor, boolean early) {
        if (!isDue(supervisor, early)) {
            return CompletableFuture.completedFuture(supervisor.snapshot());
        }
        ServerId id = supervisor.spec().id();
        CompletableFuture<Snapshot> news = awaited.computeIfAbsent(
                id, any -> new CompletableFuture<Snapshot>().orTimeout(NEWS_LIMIT_MILLIS, TimeUnit.MILLISECONDS));
        // it may have come between the look and the entry
        if (!isDue(supervisor, early)) {
            news.complete(supervisor.snapshot());
        }
        return news.handle((server, late) -> {
            awaited.remove(id, news);
            return server == null ? supervisor.snapshot() : server;
        });
    }

    /**
     * Its shared copy has ended, and the supervisor has not heard of it.
     *
     * @param early a connection is lost, which may be the first sign of an end
     */
    private static boolean isDue(Supervisor supervisor, boolean early) {
        return supervisor.snapshot().phase() == Phase.RUNNING
                && (early || supervisor.conversation().isEmpty());
    }

    void on(Event event) {
        if (event instanceof Event.PhaseChanged change && change.from() == Phase.RUNNING) {
            CompletableFuture<Snapshot> news = awaited.remove(change.server());
            if (news != null) {
                news.complete(change.snapshot());
            }
        }
    }
}

package org.mcpservermanager.gateway.modern;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;

/**
 * Calls that may ask their clients, at servers that have one copy for everybody: one after the other, as a question does not say
 * whose it is. Guarded by this; nobody is told while holding it.
 */
final class Turns {
    static final int WAITING_MAX = 64;
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ScheduledExecutorService timer;
    private final Predicate<ServerId> makesRoom;
    /** Who waits, for each server at which somebody has the turn. */
    private final Map<ServerId, Deque<CompletableFuture<Turn>>> lines = new HashMap<>();

    /** @param makesRoom gives up a call that has the turn and waits for a client that went away; false when there is none */
    Turns(ScheduledExecutorService timer, Predicate<ServerId> makesRoom) {
        this.timer = timer;
        this.makesRoom = makesRoom;
    }

    /** To be ended by its holder; fails with a ProblemException. Who cancels it does not wait any more. */
    CompletableFuture<Turn> take(ServerId server) {
        CompletableFuture<Turn> turn = new CompletableFuture<>();
        boolean isFree;
        boolean isFull;
        synchronized (this) {
            Deque<CompletableFuture<Turn>> line = lines.get(server);
            isFree = line == null;
            if (isFree) {
                lines.put(server, new ArrayDeque<>());
            } else {
                line.removeIf(CompletableFuture::isDone);
            }
            isFull = !isFree && line.size() >= WAITING_MAX;
            if (!isFree && !isFull) {
                line.add(turn);
            }
        }
        if (isFree) {
            turn.complete(turn(server));
        } else if (isFull) {
            turn.completeExceptionally(new ProblemException(refusal(server, WAITING_MAX + " others wait already")));
        } else {
            Future<?> alarm = timer.schedule(() -> tooLate(server, turn), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            turn.whenComplete((mine, failure) -> alarm.cancel(false));
        }
        return turn;
    }

    private Turn turn(ServerId server) {
        return new Turn(() -> pass(server));
    }

    private void pass(ServerId server) {
        while (true) {
            CompletableFuture<Turn> next;
            synchronized (this) {
                next = lines.get(server).poll();
                if (next == null) {
                    lines.remove(server);
                    return;
                }
            }
            if (next.complete(turn(server))) {
                return;
            }
        }
    }

    /** A client that thinks for so long while others wait may lose its call; one that works may not. */
    private void tooLate(ServerId server, CompletableFuture<Turn> turn) {
        if (!turn.isDone() && makesRoom.test(server)) {
            timer.schedule(() -> refuse(server, turn), CallEnd.END_MILLIS + 1_000, TimeUnit.MILLISECONDS);
        } else {
            refuse(server, turn);
        }
    }

    private static void refuse(ServerId server, CompletableFuture<Turn> turn) {
        turn.completeExceptionally(
                new ProblemException(refusal(server, "there was no turn within " + PATIENCE.toSeconds() + " s")));
    }

    private static Problem refusal(ServerId server, String why) {
        return new Problem(
                Problem.TOO_MANY_REQUESTS,
                "server '" + server + "' has one copy for all clients, which runs one call that may ask its client at a"
                        + " time, and " + why,
                "Retry later, declare none of elicitation, sampling and roots if nothing is to be asked, or let the"
                        + " operator set \"isolation\" of the server to \"auto\".");
    }
}

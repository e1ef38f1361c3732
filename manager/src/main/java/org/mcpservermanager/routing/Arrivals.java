package org.mcpservermanager.routing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Wish;
import org.mcpservermanager.supervision.Supervisor;

/** Calls that wait for a server which is about to be ready; bounded in number and time. */
final class Arrivals {
    static final int WAITING_MAX = 1000;
    private final Duration grace;
    private final Map<ServerId, List<CompletableFuture<Void>>> waiting = new HashMap<>(); // guarded by this

    Arrivals(Duration grace) {
        this.grace = grace;
    }

    /** The shared conversation, now or within the grace; fails with {@link ProblemException} when it will not come in time. */
    CompletionStage<Conversation> of(Supervisor supervisor) {
        return of(supervisor, any -> true);
    }

    /** The same of the conversation that follows this one, which has ended. */
    CompletionStage<Conversation> after(Conversation ended, Supervisor supervisor) {
        return of(supervisor, conversation -> conversation != ended);
    }

    /** A client's own copy that is started in the place of one that ended; the start goes on when this gives up. */
    CompletionStage<Conversation> within(ServerId server, CompletionStage<Conversation> next) {
        return next.toCompletableFuture()
                .copy()
                .orTimeout(grace.toMillis(), TimeUnit.MILLISECONDS)
                .handle((conversation, failure) -> {
                    if (failure instanceof TimeoutException) {
                        throw new ProblemException(new Problem(
                                Problem.SERVER_NOT_RUNNING,
                                "the copy of server '" + server
                                        + "' for this client session ended, and the next one is not ready after "
                                        + grace.toMillis() + " ms",
                                "Call again: its start goes on."));
                    }
                    if (failure != null) {
                        throw failure instanceof CompletionException known ? known : new CompletionException(failure);
                    }
                    return conversation;
                });
    }

    Duration grace() {
        return grace;
    }

    private CompletionStage<Conversation> of(Supervisor supervisor, Predicate<Conversation> wanted) {
        Optional<Conversation> now = supervisor.conversation().filter(wanted);
        if (now.isPresent()) {
            return CompletableFuture.completedFuture(now.get());
        }
        supervisor.demand();
        CompletableFuture<Void> arrival = enter(supervisor.spec().id());
        // it may have come between the first look and the entry
        if (!mayCome(supervisor) || supervisor.conversation().filter(wanted).isPresent()) {
            arrival.complete(null);
        }
        return arrival.orTimeout(grace.toMillis(), TimeUnit.MILLISECONDS)
                .handle((arrived, late) ->
                        supervisor.conversation().filter(wanted).orElseThrow(() -> refusal(supervisor)));
    }

    private CompletableFuture<Void> enter(ServerId server) {
        CompletableFuture<Void> arrival = new CompletableFuture<>();
        synchronized (this) {
            List<CompletableFuture<Void>> queue = waiting.computeIfAbsent(server, id -> new ArrayList<>());
            queue.removeIf(CompletableFuture::isDone);
            if (queue.size() < WAITING_MAX) {
                queue.add(arrival);
                return arrival;
            }
        }
        arrival.complete(null);
        return arrival;
    }

    private static boolean mayCome(Supervisor supervisor) {
        boolean isUp = supervisor.snapshot().wish() == Wish.UP;
        return switch (supervisor.snapshot().phase()) {
            case STARTING, BACKOFF, PARKED, RECOVERING -> isUp;
            case RUNNING, STOPPING, STOPPED -> isUp;
            case DISABLED, FATAL, EXITED -> false;
        };
    }

    private static ProblemException refusal(Supervisor supervisor) {
        return new ProblemException(Refusal.problem(supervisor.snapshot()));
    }

    /** RUNNING lets everybody in; a phase without hope sends everybody away. */
    void on(Event event) {
        if (!(event instanceof Event.PhaseChanged change) || !endsTheWait(change.to())) {
            return;
        }
        List<CompletableFuture<Void>> released;
        synchronized (this) {
            released = waiting.remove(change.server());
        }
        if (released != null) {
            released.forEach(each -> each.complete(null));
        }
    }

    private static boolean endsTheWait(Phase phase) {
        return switch (phase) {
            case RUNNING, FATAL, PARKED, EXITED, STOPPED, DISABLED -> true;
            case STARTING, STOPPING, BACKOFF, RECOVERING -> false;
        };
    }
}

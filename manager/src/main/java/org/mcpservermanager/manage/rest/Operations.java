package org.mcpservermanager.manage.rest;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.Timeouts;
import org.mcpservermanager.supervision.Fleet;

/** Starts, stops and restarts one server and waits for the outcome as long as the server's own timeouts allow. */
@Dependent
public final class Operations {
    private static final Duration SLACK = Duration.ofSeconds(5);
    private final Fleet fleet;
    private final Patience patience;

    enum Verb {
        START,
        STOP,
        RESTART;

        static Optional<Verb> of(String word) {
            for (Verb verb : values()) {
                if (verb.word().equals(word)) {
                    return Optional.of(verb);
                }
            }
            return Optional.empty();
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param force of a stop: without the graceful steps */
    record Order(Verb verb, boolean force) {}

    @Inject
    public Operations(Fleet fleet, ScheduledExecutorService executor) {
        this.fleet = fleet;
        this.patience = new Patience(executor);
    }

    /** Never fails; completes at the latest when the server's timeouts are over. */
    CompletionStage<Outcome> carryOut(ServerId id, Order order) {
        Optional<Snapshot> server = fleet.server(id);
        if (server.isEmpty()) {
            return CompletableFuture.completedStage(new Outcome.Failed(
                    Optional.empty(), Problems.serverNotFound(id.value()).problem()));
        }
        Function<Snapshot, Outcome> judge =
                switch (order.verb()) {
                    case START -> Outcome::ofStart;
                    case STOP -> Outcome::ofStop;
                    case RESTART -> Outcome::ofReplacement;
                };
        Supplier<CompletionStage<Outcome>> operation = () -> post(id, order).thenApply(judge);
        Supplier<Outcome> late = () ->
                Outcome.late(fleet.server(id).orElse(server.get()), order.verb().word());
        return patience.within(limit(server.get().spec(), order.verb()), operation, late)
                .exceptionally(failure -> new Outcome.Failed(fleet.server(id), Problems.of(failure)));
    }

    /** Posts the wish and returns what can be refused at once. */
    Optional<Problem> begin(ServerId id, Order order) {
        if (fleet.server(id).isEmpty()) {
            return Optional.of(Problems.serverNotFound(id.value()).problem());
        }
        CompletableFuture<Snapshot> posted =
                Patience.begin(() -> post(id, order)).toCompletableFuture();
        return posted.isCompletedExceptionally()
                ? Optional.of(
                        posted.handle((none, failure) -> Problems.of(failure)).join())
                : Optional.empty();
    }

    private CompletionStage<Snapshot> post(ServerId id, Order order) {
        return switch (order.verb()) {
            case START -> fleet.start(id);
            case STOP -> fleet.stop(id, order.force());
            case RESTART -> fleet.restart(id);
        };
    }

    static Duration limit(ServerSpec spec, Verb verb) {
        Timeouts timeouts = spec.timeouts();
        Duration stop = spec.start()
                .drain()
                .plus(timeouts.endOfInput())
                .plus(timeouts.stop())
                .plus(SLACK);
        Duration start = timeouts.startup().plus(SLACK);
        return switch (verb) {
            case START -> start;
            case STOP -> stop;
            case RESTART -> stop.plus(start);
        };
    }
}

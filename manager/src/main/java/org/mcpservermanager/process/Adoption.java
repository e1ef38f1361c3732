package org.mcpservermanager.process;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;

/** What becomes of the processes that outlived an earlier manager: each is adopted once, or ended. */
final class Adoption {
    private static final Logger LOG = Logger.getLogger(Adoption.class.getName());
    private static final Duration TERM = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private final Survivors survivors;
    private final Function<Journal.Entry, Child> adopter;
    /** Nobody wants them, and they may still live. */
    private final Map<String, Child> unwanted = new ConcurrentHashMap<>();

    /** @param adopter makes one a child of this launcher */
    Adoption(Survivors survivors, Function<Journal.Entry, Child> adopter) {
        this.survivors = survivors;
        this.adopter = adopter;
    }

    Optional<Survival> look(ServerId server) {
        return survivors.look(server.value()).map(Journal.Entry::survival);
    }

    Optional<Child> adopt(ServerId server) {
        return survivors.take(server.value()).map(adopter);
    }

    /** Those that nobody took. */
    void endAll() {
        survivors.servers().forEach(this::discard);
        if (!end(List.copyOf(unwanted.values()))) {
            LOG.warning("what outlived an earlier manager and is not wanted does not end: " + unwanted);
        }
    }

    private void discard(String server) {
        survivors.take(server).map(adopter).ifPresent(child -> {
            unwanted.put(server, child);
            child.treeEmpty().thenRun(() -> unwanted.remove(server, child));
        });
    }

    /** Refuses when the launch would be the second process of its server. */
    void endBefore(Launch launch) {
        String server = launch.server().value();
        discard(server);
        Child before = unwanted.get(server);
        if (before != null && !end(List.of(before))) {
            throw SpawnFailure.refuse(
                    Problem.INTERNAL,
                    "The process (pid " + before.pid() + ") that an earlier manager started for server '"
                            + launch.server() + "' cannot be ended.",
                    "End it by hand; a second one is not started beside it.",
                    true);
        }
    }

    private static boolean end(List<Child> children) {
        try {
            CompletableFuture.allOf(children.stream()
                            .map(child -> child.stop(Duration.ZERO, TERM))
                            .toArray(CompletableFuture<?>[]::new))
                    .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException late) {
            LOG.log(Level.FINE, "not all have ended", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return children.stream().allMatch(child -> child.treeEmpty().isDone());
    }
}

package org.mcpservermanager.boot;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.Spoken;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.supervision.Servers;

/**
 * Starts and stops a server of the manager's own some times, as every server is started and stopped, in a fleet that nobody sees.
 * What would keep all servers from starting on this machine is in the log before one is needed; and the first start, which an agent
 * may be waiting for, is not the first that this JVM ever does, which would take it ten times as long.
 */
final class Rehearsal implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Rehearsal.class.getName());
    private static final ServerId ID = new ServerId("rehearsal");
    private static final String SHELL = "/bin/sh";
    static final int ROUNDS = 50;

    /** As much MCP as a start needs. */
    private static final String SCRIPT =
            """
            while read -r line; do
              case $line in
                *'"initialize"'*)
                  id=${line#*'"id":'}
                  printf '{"jsonrpc":"2.0","id":%s,"result":{"protocolVersion":"2025-11-25","capabilities":{},\
            "serverInfo":{"name":"rehearsal","version":"1"}}}\\n' "${id%%[,\\}]*}" ;;
              esac
            done""";

    static final ServerSpec SPEC = ServerSpec.of(
                    ID, new Wire.Stdio(SHELL, List.of("-c", SCRIPT), Map.of(), "/"), "the manager's rehearsal")
            .with(new Spoken(Spoken.Choice.LEGACY, ""))
            .draft()
            .autoStart(false)
            .spec();

    private final Servers fleet;
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private Duration first = Duration.ZERO; // each round comes after the one before
    private Duration last = Duration.ZERO;
    private boolean closed; // guarded by this

    private Rehearsal(Servers fleet) {
        this.fleet = fleet;
    }

    /** Whether there is what the server is made of. */
    static boolean isPossible() {
        return Files.isExecutable(Path.of(SHELL));
    }

    /**
     * Returns at once.
     *
     * @param fleet an empty one for it alone, which it closes
     */
    static Rehearsal begin(Servers fleet, ServerSpec spec, Executor executor) {
        Rehearsal rehearsal = new Rehearsal(fleet);
        fleet.add(List.of(spec));
        executor.execute(() -> rehearsal.round(ROUNDS).whenCompleteAsync(rehearsal::tell, executor));
        return rehearsal;
    }

    /** Completes with whether each round went well. */
    CompletableFuture<Boolean> ended() {
        return ended;
    }

    private CompletionStage<Snapshot> round(int left) {
        long began = System.nanoTime();
        return fleet.start(ID).thenCompose(started -> {
            last = Duration.ofNanos(System.nanoTime() - began);
            first = left == ROUNDS ? last : first;
            CompletionStage<Snapshot> stopped = fleet.stop(ID, false);
            return started.phase() != Phase.RUNNING
                    ? stopped.thenApply(none -> started)
                    : stopped.thenCompose(
                            end -> left > 1 ? round(left - 1) : CompletableFuture.completedFuture(started));
        });
    }

    private void tell(Snapshot lastStarted, Throwable failure) {
        boolean well = failure == null && lastStarted.phase() == Phase.RUNNING;
        if (well) {
            LOG.info(() -> "no server is to be started now; a start was rehearsed " + ROUNDS + " times: first "
                    + first.toMillis() + " ms, last " + last.toMillis() + " ms");
        } else if (!isClosed()) {
            LOG.log(
                    Level.WARNING,
                    "a start was rehearsed and failed, as those of servers may: " + why(lastStarted),
                    failure);
        }
        close();
        ended.complete(well);
    }

    private static String why(Snapshot started) {
        return started == null
                ? "an error of the manager"
                : started.failure()
                        .problem()
                        .map(problem -> problem.message() + " " + problem.remedy())
                        .orElseGet(() -> "it is " + started.phase());
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Ends it, however far it came; returns when nothing of it lives. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            fleet.close();
        }
    }
}

package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.faults.Fault;
import org.mcpservermanager.server.AlertPolicy;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Limits;
import org.mcpservermanager.server.Limits.Action;
import org.mcpservermanager.server.Limits.Limit;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.Rule;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.Wire;

/** Real servers that take more than they may. */
@Tag("process")
@Timeout(60)
class GreedyServersIT {
    private static final ServerId GREEDY = new ServerId("greedy");
    private static final String SHAKES_HANDS = "read -r line; id=${line##*'\"id\":'}; id=${id%%[,\\}]*};"
            + " printf '{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"protocolVersion\":\"2025-11-25\","
            + "\"capabilities\":{},\"serverInfo\":{\"name\":\"greedy\",\"version\":\"1\"}}}\\n' \"$id\"; read -r line; ";
    private final CompletableFuture<Problem> failed = new CompletableFuture<>();
    private final CompletableFuture<Event.Crossing> alerted = new CompletableFuture<>();

    @TempDir
    Path state;

    private RealFleet fleet;
    private Servers servers;
    private ResourceWatch watch;

    @BeforeEach
    void open() throws IOException {
        Assumptions.assumeTrue(new File("/proc/self/stat").canRead(), "needs /proc");
        FleetSettings settings = new FleetSettings(3, ScriptedWorld.PROFILE, ScriptedWorld.PROFILE, Map.of());
        fleet = RealFleet.open(state, settings, this::on);
        servers = fleet.servers();
        watch = ResourceWatch.start(servers, fleet.launcher(), fleet.workers(), fleet.timer(), Duration.ofMillis(100));
    }

    private void on(Event event) {
        if (event instanceof Event.Alert alert && !alert.over()) {
            alert.crossing().ifPresent(alerted::complete);
        } else if (event instanceof Event.PhaseChanged changed && changed.to() == Phase.BACKOFF) {
            failed.complete(changed.cause().orElseThrow());
        }
    }

    @AfterEach
    void close() throws IOException {
        watch.close();
        fleet.close();
    }

    private void run(String shell, String script, Limits limits) {
        Wire wire = new Wire.Stdio(shell, List.of("-c", SHAKES_HANDS + script), Map.of(), "");
        servers.add(List.of(ScriptedWorld.spec("greedy", wire, limits, AlertPolicy.DEFAULT)));
    }

    private Problem failure() throws Exception {
        return failed.get(30, TimeUnit.SECONDS);
    }

    private static Limit restartAbove(long max) {
        return new Limit(max, Action.RESTART);
    }

    @Test
    void aServerWhoseMemoryGrowsIsReplaced() throws Exception {
        String grows = "x=1234567890123456; i=0; while [ $i -lt 20 ]; do x=$x$x; i=$((i+1)); done; read -r end";
        run("sh", grows, new Limits(restartAbove(12_000_000), Limit.NONE, Limit.NONE, Limit.NONE, false));

        Problem problem = failure();

        assertEquals(Problem.LIMIT_EXCEEDED, problem.code());
        assertTrue(problem.message().contains("MB of memory (limit: 12 MB"), problem::toString);
        assertEquals(Rule.MEMORY, alerted.get(1, TimeUnit.SECONDS).rule());
    }

    @Test
    @Fault(19)
    void aServerThatForksWithoutEndIsEndedWithAllItsProcesses() throws Exception {
        String forks = "i=0; while [ $i -lt 150 ]; do sleep 987 & i=$((i+1)); done; read -r end";
        run("sh", forks, new Limits(Limit.NONE, Limit.NONE, restartAbove(60), Limit.NONE, false));

        Problem problem = failure();
        servers.stop(GREEDY, true).toCompletableFuture().get(20, TimeUnit.SECONDS);

        assertTrue(problem.message().contains("processes (limit: 60)"), problem::toString);
        assertEquals(
                0,
                ProcessHandle.current()
                        .descendants()
                        .filter(child -> child.info().commandLine().orElse("").contains("sleep 987"))
                        .count());
    }

    @Test
    void aServerThatOpensFilesWithoutEndIsReplaced() throws Exception {
        Assumptions.assumeTrue(new File("/bin/bash").canExecute(), "needs bash for many descriptors");
        String opens = "for i in $(seq 20 90); do eval \"exec $i</dev/null\"; done; read -r end";
        run("bash", opens, new Limits(Limit.NONE, Limit.NONE, Limit.NONE, restartAbove(50), false));

        assertTrue(failure().message().contains("open files (limit: 50)"), failed::toString);
    }

    @Test
    void aServerThatKeepsAProcessorBusyIsReplaced() throws Exception {
        run("sh", "while :; do :; done", new Limits(Limit.NONE, restartAbove(15), Limit.NONE, Limit.NONE, false));

        assertTrue(failure().message().contains("% of a core (limit: 15 %)"), failed::toString);
    }

    @Test
    void aServerThatMayUseItAllIsOnlyTalkedAbout() throws Exception {
        run(
                "sh",
                "while :; do :; done",
                new Limits(Limit.NONE, new Limit(15, Action.ALERT), Limit.NONE, Limit.NONE, false));

        assertEquals(Rule.CPU, alerted.get(30, TimeUnit.SECONDS).rule());
        Snapshot server = servers.server(GREEDY).orElseThrow();
        assertEquals(Phase.RUNNING, server.phase());
        assertTrue(server.resources().cpuPercent() > 0, server::toString);
    }
}

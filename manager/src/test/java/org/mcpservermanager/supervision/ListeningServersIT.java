package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.fixture.HttpConformanceServer;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Health;
import org.mcpservermanager.server.HealthPolicy;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.Wire;

/** Real processes that are reached over HTTP, started by the manager or by somebody else. */
@Tag("process")
@Timeout(120)
class ListeningServersIT {
    private static final ServerId ID = new ServerId("listens");
    private final ConcurrentLinkedQueue<Event> heard = new ConcurrentLinkedQueue<>();
    private RealFleet fleet;
    private Servers servers;

    @BeforeEach
    void open(@TempDir Path state) throws Exception {
        FleetSettings settings = new FleetSettings(3, ScriptedWorld.PROFILE, ScriptedWorld.PROFILE, Map.of());
        fleet = RealFleet.open(state, settings, heard::add);
        servers = fleet.servers();
    }

    @AfterEach
    void close() throws Exception {
        fleet.close();
    }

    private static ServerSpec spec(Wire wire) {
        return ServerSpec.of(ID, wire, "test").with(RealFleet.restartingAfter(Duration.ofMillis(50)));
    }

    private static Wire.Stdio process(String... options) {
        List<String> command = HttpConformanceServer.command(options);
        return new Wire.Stdio(command.get(0), command.subList(1, command.size()), Map.of(), "");
    }

    private Snapshot await(String what, Predicate<Snapshot> condition) {
        return fleet.await(ID, what, condition);
    }

    private Snapshot awaitRunning() {
        return await("running", server -> server.phase() == Phase.RUNNING);
    }

    @Test
    void startsAServerOnAPortItIsToldAndReplacesItWhenItDies() throws Exception {
        servers.add(List.of(spec(new Wire.Served(process("${port}"), Wire.Speech.HTTP, 0, "/mcp"))));
        Snapshot first = awaitRunning();
        assertTrue(first.running().pid() > 0);
        assertEquals("conformance-fixture", first.running().serverName());
        assertTrue(
                servers.output(ID, 50).stream().anyMatch(line -> line.line().startsWith("listening on ")),
                "what it prints");

        ProcessHandle.of(first.running().pid()).orElseThrow().destroyForcibly();
        Snapshot second = await(
                "replaced",
                server -> server.phase() == Phase.RUNNING
                        && server.running().pid() != first.running().pid());

        servers.stop(ID, false).toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertFalse(ProcessHandle.of(second.running().pid()).isPresent());
        assertEquals(Phase.STOPPED, servers.server(ID).orElseThrow().phase());
    }

    @Test
    void tellsThePortByTheEnvironmentToo() {
        servers.add(List.of(spec(new Wire.Served(process(), Wire.Speech.HTTP, 0, "/mcp"))));
        awaitRunning();
    }

    private Snapshot ended(int code) {
        Wire.Stdio process = new Wire.Stdio("/bin/sh", List.of("-c", "exit " + code), Map.of(), "");
        servers.add(List.of(ServerSpec.of(ID, new Wire.Served(process, Wire.Speech.HTTP, 0, "/mcp"), "test")));
        return await("ended", server -> server.failure().exit().isPresent());
    }

    @Test
    void oneThatExitsWithZeroHasFinished() {
        assertEquals(Phase.EXITED, ended(0).phase());
    }

    @Test
    void oneThatExitsOtherwiseIsTriedAgain() {
        assertNotEquals(Phase.EXITED, ended(3).phase());
    }

    private static ServerSpec checked(HealthPolicy.Way way) {
        Duration soon = Duration.ofMillis(50);
        HealthPolicy standard = HealthPolicy.DEFAULT;
        return spec(new Wire.Served(process("${port}"), Wire.Speech.HTTP, 0, "/mcp"))
                .draft()
                .health(new HealthPolicy(
                        true, soon, soon, standard.timeout(), 3, 2, standard.timeout(), standard.request(), way))
                .spec();
    }

    @Test
    void aServerWhosePortTakesConnectionsIsHealthyWhereNoMoreIsAsked() {
        servers.add(List.of(checked(HealthPolicy.Way.NETWORK)));

        Snapshot server = await("checked", each -> each.checks().count() >= 5);

        assertEquals(Health.HEALTHY, server.health());
        assertEquals(1, server.generation());
    }

    @Test
    void aServerWhosePageIsMissingIsReplaced() {
        servers.add(List.of(checked(new HealthPolicy.Way(HealthPolicy.Kind.HTTP, "/no/such/page"))));

        await("replaced", each -> each.generation() > 1);

        assertTrue(
                heard.stream()
                        .anyMatch(event -> event instanceof Event.HealthChanged changed
                                && changed.to() == Health.UNHEALTHY
                                && changed.issue().contains("GET /no/such/page was answered with status 404")),
                heard::toString);
    }

    @Test
    void waitsForAPortThatAStrangerHolds() throws Exception {
        try (ServerSocket stranger = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            servers.add(List.of(
                    spec(new Wire.Served(process("${port}"), Wire.Speech.HTTP, stranger.getLocalPort(), "/mcp"))));
            Snapshot refused = await("refused", server -> server.failure()
                    .problem()
                    .filter(problem -> problem.code().equals(Problem.PORT_TAKEN))
                    .isPresent());
            assertEquals(0, refused.running().pid());
        }
        awaitRunning();
    }

    @Test
    void missesARemoteServerThatDiesAndFindsItAgain() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Process remote = new ProcessBuilder(HttpConformanceServer.command(Integer.toString(port)))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            servers.add(List.of(spec(new Wire.Http(URI.create("http://127.0.0.1:" + port + "/mcp"), Map.of(), false))));
            assertEquals(0, awaitRunning().running().pid());

            remote.destroyForcibly().waitFor();
            await("missed", server -> server.failure()
                    .problem()
                    .filter(problem -> problem.code().equals(Problem.UNREACHABLE))
                    .isPresent());
            assertTrue(heard.stream().noneMatch(Event.ProcessExited.class::isInstance));

            remote = new ProcessBuilder(HttpConformanceServer.command(Integer.toString(port)))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            awaitRunning();
        } finally {
            remote.destroyForcibly();
        }
    }
}

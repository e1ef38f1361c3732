package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.fixture.EchoServer;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Health;
import org.mcpservermanager.server.HealthPolicy;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.Timeouts;
import org.mcpservermanager.server.Wire;

/** Checks of real processes over real pipes, in fractions of a second, with one place for checks: those that hang share it. */
@Tag("process")
@Timeout(60)
class HealthOfRealServersIT {
    private static final Duration FAR = Duration.ofSeconds(30);
    private final ConcurrentLinkedQueue<Event> heard = new ConcurrentLinkedQueue<>();
    private RealFleet fleet;
    private Servers servers;

    @BeforeEach
    void open(@TempDir Path state) throws Exception {
        FleetSettings settings = new FleetSettings(10, 1, ScriptedWorld.PROFILE, ScriptedWorld.PROFILE, Map.of());
        fleet = RealFleet.open(state, settings, heard::add);
        servers = fleet.servers();
    }

    @AfterEach
    void close() throws Exception {
        fleet.close();
    }

    private static ServerSpec spec(String id, Duration timeout, Duration degraded, String... options) throws Exception {
        List<String> args = new ArrayList<>(List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                Path.of(EchoServer.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI())
                        .toString(),
                EchoServer.class.getName()));
        args.addAll(List.of(options));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        HealthPolicy health = new HealthPolicy(
                true,
                Duration.ofMillis(50),
                Duration.ofMillis(20),
                timeout,
                3,
                2,
                degraded,
                HealthPolicy.Request.PING,
                HealthPolicy.Way.MCP);
        return ServerSpec.of(new ServerId(id), new Wire.Stdio(java, args, Map.of(), ""), "test")
                .draft()
                .restart(RealFleet.restartingAfter(Duration.ofMillis(10)))
                .timeouts(new Timeouts(FAR, FAR, Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .health(health)
                .spec();
    }

    private Snapshot until(String id, String what, Predicate<Snapshot> reached) {
        return fleet.await(new ServerId(id), what, reached);
    }

    private boolean wasUnhealthy(String id, String issue) {
        return heard.stream()
                .filter(Event.HealthChanged.class::isInstance)
                .map(Event.HealthChanged.class::cast)
                .anyMatch(event -> event.server().value().equals(id)
                        && event.to() == Health.UNHEALTHY
                        && event.issue().contains(issue));
    }

    private static void signal(String name, long pid) throws Exception {
        Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pid).start();
        assertEquals(0, kill.waitFor());
    }

    @Test
    void replacesServersThatHangOrNoLongerReadAndLeavesTheOthersAlone() throws Exception {
        Duration shortly = Duration.ofMillis(400);
        servers.add(List.of(
                spec("well", FAR, FAR),
                spec("hangs", shortly, FAR, "hang-after=3"),
                spec("deaf", shortly, FAR, "deaf-after=3")));
        until(
                "hangs",
                "replaced",
                server -> server.generation() >= 2 && server.running().pid() != 0);
        until(
                "deaf",
                "replaced",
                server -> server.generation() >= 2 && server.running().pid() != 0);
        assertTrue(wasUnhealthy("hangs", "ping was not answered within 400 ms"), heard::toString);
        assertTrue(wasUnhealthy("deaf", "ping was not answered within 400 ms"), heard::toString);
        Snapshot well = until("well", "checked", server -> server.checks().count() >= 10);
        assertEquals(Health.HEALTHY, well.health());
        assertEquals(1, well.generation());
        requireFreeTimer();
    }

    @Test
    void replacesAStoppedServerAndKeepsASlowOne() throws Exception {
        servers.add(List.of(spec("slow", FAR, Duration.ofMillis(50), "ping-ms=60"), spec("stopped", FAR, FAR)));
        long pid = until("stopped", "checked", server -> server.checks().count() > 0)
                .running()
                .pid();
        signal("STOP", pid);
        Snapshot replaced =
                until("stopped", "replaced", server -> server.generation() == 2 && server.health() == Health.HEALTHY);
        assertTrue(wasUnhealthy("stopped", "process " + pid + " is stopped"), heard::toString);
        assertTrue(replaced.running().pid() != pid);
        assertTrue(
                ProcessHandle.of(pid).isEmpty() || !ProcessHandle.of(pid).get().isAlive());
        Snapshot slow = until("slow", "checked", server -> server.checks().count() >= 5);
        assertEquals(Health.DEGRADED, slow.health());
        assertEquals(1, slow.generation());
        assertTrue(slow.checks().latency().orElseThrow().toMillis() >= 60, slow::toString);
    }

    private void requireFreeTimer() throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        fleet.timer().execute(free::countDown);
        assertTrue(free.await(5, TimeUnit.SECONDS), "the timer's only thread is held by a check");
        assertEquals(1, fleet.timer().getPoolSize());
    }
}

package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.faults.Fault;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.HealthPolicy;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.RestartPolicy;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.Timeouts;
import org.mcpservermanager.server.Wire;

/**
 * Operators, crashes and changed specs in any order on real processes, held against what the operating system says. Longer with
 * -Dstorm.seconds=600, the same again with -Dstorm.seed.
 */
@Tag("process")
@EnabledOnOs(OS.LINUX)
@Timeout(value = 2, unit = TimeUnit.HOURS)
class StormIT {
    private static final int OPERATORS = 4;
    private static final Duration SETTLED = Duration.ofSeconds(60);
    private static final String SPEAKS_MCP =
            """
            sleep 86399 &
            read hello
            printf '%s\\n' '{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-11-25","capabilities":{},\
            "serverInfo":{"name":"storm","version":"1"}}}'
            while read line; do :; done
            """;

    @TempDir
    Path state;

    private final long seed = Long.getLong("storm.seed", System.nanoTime());
    private final List<Event.PhaseChanged> changes = java.util.Collections.synchronizedList(new ArrayList<>());
    private RealFleet fleet;
    private Servers servers;
    private GenerationsAlive alive;

    @BeforeEach
    void open() throws Exception {
        FleetSettings settings = new FleetSettings(8, ScriptedWorld.PROFILE, ScriptedWorld.PROFILE, Map.of());
        fleet = RealFleet.open(state, settings, event -> {
            if (event instanceof Event.PhaseChanged change) {
                changes.add(change);
            }
        });
        servers = fleet.servers();
        alive = new GenerationsAlive(fleet.launcher().manager().toString());
    }

    @AfterEach
    void close() throws Exception {
        fleet.close();
    }

    @Test
    void oneServer() throws Exception {
        storm(1, false);
    }

    @Test
    void twentyServers() throws Exception {
        storm(20, false);
    }

    @Test
    void twentyServersWhoseCopiesOverlap() throws Exception {
        storm(20, true);
    }

    @Test
    @Fault(43)
    void fiftyServers() throws Exception {
        storm(50, false, Duration.ofSeconds(Integer.getInteger("storm.seconds", 15)));
    }

    private void storm(int count, boolean overlap) throws Exception {
        storm(count, overlap, Duration.ofSeconds(Integer.getInteger("storm.seconds", 2)));
    }

    private void storm(int count, boolean overlap, Duration length) throws Exception {
        List<ServerId> ids =
                IntStream.range(0, count).mapToObj(i -> new ServerId("s" + i)).toList();
        int files = openFiles();
        servers.add(ids.stream().map(id -> spec(id, 0, overlap)).toList());
        long until = System.nanoTime() + length.toNanos();
        List<CompletableFuture<Void>> everybody = new ArrayList<>();
        for (int i = 0; i < OPERATORS; i++) {
            Random random = new Random(seed + i);
            everybody.add(inOwnThread(() -> operate(ids, random, until, overlap)));
        }
        everybody.add(inOwnThread(() -> alive.watch(until, overlap ? 2 : 1)));
        CompletableFuture.allOf(everybody.toArray(CompletableFuture<?>[]::new)).get(2, TimeUnit.HOURS);

        long launches =
                servers.servers().stream().mapToLong(Snapshot::generation).sum();
        assertTrue(launches > count, "only " + launches + " launches: that was no storm");
        assertEquals(List.of(), alive.violations(), "-Dstorm.seed=" + seed);
        lastIntentWins(ids, overlap);
        servers.close();
        assertEquals(Map.of(), alive.now(), "left after close, -Dstorm.seed=" + seed);
        becomes(() -> threads().isEmpty(), () -> "left after close: " + threads());
        becomes(() -> openFiles() <= files + 2, () -> files + " descriptors, now " + openFiles());
        eventsAreOneChain(ids);
    }

    /** Those that belong to a server. */
    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.matches("mcp-s\\d+.*"))
                .collect(Collectors.toSet());
    }

    private static int openFiles() {
        return new File("/proc/self/fd").list().length;
    }

    private static void becomes(BooleanSupplier reached, Supplier<String> story) {
        long deadline = System.nanoTime() + SETTLED.toNanos();
        while (!reached.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, story);
            LockSupport.parkNanos(5_000_000);
        }
    }

    private void operate(List<ServerId> ids, Random random, long until, boolean overlap) {
        while (System.nanoTime() < until) {
            ServerId id = ids.get(random.nextInt(ids.size()));
            switch (random.nextInt(8)) {
                case 0, 1 -> servers.start(id);
                case 2 -> servers.stop(id, random.nextBoolean());
                case 3 -> servers.restart(id);
                case 4 -> kill(id);
                case 5 -> servers.update(spec(id, random.nextInt(3), overlap));
                case 6 -> servers.find(id).orElseThrow().demand();
                default -> await(servers.start(id).toCompletableFuture());
            }
        }
    }

    private void kill(ServerId id) {
        long pid = servers.server(id).orElseThrow().running().pid();
        if (pid != 0) {
            ProcessHandle.of(pid).filter(alive::isOurs).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private void lastIntentWins(List<ServerId> ids, boolean overlap) throws Exception {
        Random random = new Random(seed);
        for (ServerId id : ids) {
            boolean up = random.nextBoolean();
            Snapshot settled = await(
                    up
                            ? servers.start(id).toCompletableFuture()
                            : servers.stop(id, false).toCompletableFuture());
            String story = id + ", -Dstorm.seed=" + seed + ": " + settled;
            assertEquals(up ? Phase.RUNNING : Phase.STOPPED, settled.phase(), story);
            Set<Long> generations = alive.now().getOrDefault(id.value(), Set.of());
            if (up && overlap) {
                assertTrue(generations.contains(settled.generation()) && generations.size() <= 2, story);
            } else {
                assertEquals(up ? Set.of(settled.generation()) : Set.of(), generations, story);
            }
        }
    }

    private void eventsAreOneChain(List<ServerId> ids) {
        for (ServerId id : ids) {
            Optional<Event.PhaseChanged> before = Optional.empty();
            for (Event.PhaseChanged change : List.copyOf(changes)) {
                if (change.server().equals(id)) {
                    before.ifPresent(last -> assertTrue(
                            last.to() == change.from() && last.generation() <= change.generation(),
                            last + " is followed by " + change));
                    before = Optional.of(change);
                }
            }
        }
    }

    private static Snapshot await(CompletableFuture<Snapshot> settled) {
        return settled.orTimeout(SETTLED.toSeconds(), TimeUnit.SECONDS).join();
    }

    private static CompletableFuture<Void> inOwnThread(Runnable task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        new Thread(() -> {
                    try {
                        task.run();
                        done.complete(null);
                    } catch (Throwable failure) {
                        done.completeExceptionally(failure);
                    }
                })
                .start();
        return done;
    }

    private static ServerSpec spec(ServerId id, int variant, boolean overlap) {
        Map<String, String> environment = Map.of("VARIANT", Integer.toString(variant / 2));
        return ServerSpec.of(id, new Wire.Stdio("sh", List.of("-c", SPEAKS_MCP), environment, ""), "test")
                .draft()
                .autoStart(variant % 2 == 0)
                .restart(new RestartPolicy(
                        RestartPolicy.Mode.PERMANENT,
                        true,
                        Duration.ofMillis(1),
                        Duration.ofMillis(20),
                        1_000_000,
                        Duration.ofSeconds(60),
                        Set.of(),
                        overlap))
                .timeouts(new Timeouts(
                        Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofMillis(100), Duration.ofMillis(500)))
                .health(unchecked())
                .spec();
    }

    private static HealthPolicy unchecked() {
        HealthPolicy standard = HealthPolicy.DEFAULT;
        return new HealthPolicy(
                false,
                standard.interval(),
                standard.recoveryInterval(),
                standard.timeout(),
                standard.failureThreshold(),
                standard.recoveryThreshold(),
                standard.degradedLatency(),
                standard.request(),
                HealthPolicy.Way.MCP);
    }
}

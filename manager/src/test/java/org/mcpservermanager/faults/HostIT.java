package org.mcpservermanager.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.config.SpecJson;
import org.mcpservermanager.fixture.EchoServer;
import org.mcpservermanager.fixture.Launching;
import org.mcpservermanager.fixture.Nasty;
import org.mcpservermanager.logs.LogLimits;
import org.mcpservermanager.logs.ServerLogs;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Snapshot;

/** What the machine, the operators and the manager's own observers do to servers. */
class HostIT extends FaultTest {
    @Test
    @Fault(37)
    void fiftyServersAreStoppedTogetherAndNoThreadOfTheirsIsLeft() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            ids.add("s" + i);
            rig.nasty("s" + i, i % 2 == 0 ? "ignores-signals" : "kids", "2");
        }
        ids.forEach(rig::running);
        assertTrue(rig.alive().size() >= 100, () -> rig.alive().size() + " processes");

        long began = System.nanoTime();
        rig.servers.close();
        rig.launcher.close();
        Duration took = Duration.ofNanos(System.nanoTime() - began);

        assertEquals(List.of(), rig.alive());
        // One after the other, the deaf ones alone would take 25 times 0.6 s.
        assertTrue(took.compareTo(Duration.ofSeconds(12)) < 0, took::toString);
        Rig.until(() -> threads().isEmpty(), () -> "threads of the manager: " + threads());
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("mcp-"))
                .toList();
    }

    @Test
    @Fault(39)
    void timersFollowAClockThatNobodySets() throws Exception {
        // The wall clock is for people: a fleet that reads it anywhere else would show here.
        List<String> readers = new ArrayList<>();
        Path sources = Path.of(System.getProperty("basedir", "."), "src/main/java/org/mcpservermanager");
        for (String part : List.of("supervision", "health", "conversation", "transport", "routing")) {
            try (var files = Files.walk(sources.resolve(part))) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    String text = Files.readString(file);
                    if (text.contains("currentTimeMillis()")) {
                        readers.add(file.getFileName().toString());
                    }
                }
            }
        }
        assertEquals(List.of(), readers);
    }

    @Test
    @Fault(42)
    void aLogFileThatIsTruncatedOrDeletedGoesOnWithoutAHole() throws Exception {
        Path logs = state.resolve("logs");
        ServerLogs writing = ServerLogs.open(
                logs, new LogLimits(1_000_000, 3), rig.events, Clock.systemUTC(), Executors.newSingleThreadExecutor());
        try {
            rig.add("talks", Launching.command(EchoServer.class, rig.tag), Rig.QUICK);
            rig.running("talks");
            Path file = logs.resolve("talks.log");

            say("one");
            Rig.until(() -> Rig.read(file).contains("one"), () -> "the first line in " + file);
            Files.writeString(file, "");
            say("two");
            Rig.until(() -> Rig.read(file).contains("two"), () -> "the second line in " + file);
            assertFalse(Rig.read(file).contains("one"));
            assertEquals(-1, Rig.read(file).indexOf('\0'), "no hole");
            Files.delete(file);
            say("three");
            Rig.until(() -> Rig.read(file).contains("three"), () -> "the third line in " + file);
        } finally {
            writing.close();
        }
    }

    private void say(String text) {
        String answer = rig.call("talks", "stderr", "{\"text\":\"" + text + "\"}")
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
        assertTrue(answer.contains("result"), answer);
    }

    @Test
    @Fault(43)
    void aHundredOrdersAtOnceEndInTheLastOneWithOneCopy() throws Exception {
        rig.nasty("one", "kids", "1");
        rig.running("one");
        ServerId id = new ServerId("one");

        List<CompletableFuture<Snapshot>> orders = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int order = i;
            orders.add(CompletableFuture.supplyAsync(() -> switch (order % 4) {
                        case 0 -> rig.servers.start(id);
                        case 1 -> rig.servers.stop(id, order % 8 == 1);
                        case 2 -> rig.servers.restart(id);
                        default -> rig.servers.update(variant(order % 3));
                    })
                    .thenCompose(settled -> settled));
        }
        CompletableFuture.allOf(orders.toArray(CompletableFuture<?>[]::new)).get(60, TimeUnit.SECONDS);
        Snapshot up = rig.servers.start(id).toCompletableFuture().get(20, TimeUnit.SECONDS);

        assertEquals(Phase.RUNNING, up.phase());
        Rig.until(() -> rig.alive().size() == 2, () -> "one copy with its kid: " + rig.alive());
        assertEquals(Phase.STOPPED, rig.stop("one").phase());
        assertEquals(List.of(), rig.alive());
    }

    private org.mcpservermanager.server.ServerSpec variant(int number) {
        return rig.spec("one", Nasty.habit(rig.tag, "kids", "1"), Rig.QUICK + ",\"env\":{\"V\":\"" + number + "\"}");
    }

    @Test
    @Fault(46)
    void checksThatHangHoldNeitherTheTimerNorOtherServers() throws Exception {
        String checked = ",\"health\":{\"interval\":\"20ms\",\"recovery_interval\":\"20ms\",\"timeout\":\"1s\"}";
        for (int i = 0; i < 8; i++) {
            rig.add("hangs-" + i, Nasty.habit(rig.tag, "hang-after", "1"), Rig.QUICK + checked);
        }
        rig.add("well", Nasty.habit(rig.tag, "echo"), Rig.QUICK + checked);

        rig.until(
                "well",
                "be checked while eight checks hang",
                server -> server.checks().count() >= 3);
        CountDownLatch free = new CountDownLatch(1);
        rig.timer().execute(free::countDown);

        assertTrue(free.await(5, TimeUnit.SECONDS), "the timer's only thread is held");
        for (int i = 0; i < 8; i++) {
            rig.until("hangs-" + i, "be replaced", server -> server.generation() >= 2);
        }
        assertEquals(1, rig.server("well").generation());
    }

    @Test
    @Fault(47)
    void theEnvironmentArrivesAsItIsAndIsShownNowhere() {
        rig.add(
                "env",
                Launching.command(EchoServer.class, rig.tag),
                Rig.QUICK + ",\"env\":{\"ODD\":\"a=b\\n\\u00fc\",\"LONG\":\"" + "y".repeat(100_000)
                        + "\",\"API_KEY\":\"s3cret-value\"}");
        Snapshot server = rig.running("env");

        assertTrue(env("ODD").contains("a=b\\n"), () -> env("ODD"));
        assertTrue(env("LONG").contains("y".repeat(100_000)));
        assertTrue(env("API_KEY").contains("s3cret-value"));
        assertFalse(server.toString().contains("s3cret-value"), "in a snapshot");
        assertFalse(rig.heard.toString().contains("s3cret-value"), "in events");
        assertFalse(
                Rig.read(Path.of("/proc/" + server.running().pid() + "/cmdline"))
                        .contains("s3cret"),
                "in argv");
        assertTrue(SpecJson.write(server.spec()).contains("s3cret-value"), "the test would see it");
    }

    private String env(String name) {
        return rig.call("env", "env", "{\"name\":\"" + name + "\"}")
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    /** The manager logs what a listener throws, here for every event. */
    private static final class NoStackTrace extends RuntimeException {
        private static final long serialVersionUID = 1;

        private NoStackTrace() {
            super("the history cannot be written", null, false, false);
        }
    }

    @Test
    @Fault(50)
    void listenersThatFailOrAreSlowCostNoServerAnything() {
        AtomicInteger calls = new AtomicInteger();
        rig.events.subscribe(event -> {
            calls.incrementAndGet();
            throw new NoStackTrace();
        });
        rig.nasty("dies", Map.of("max_restart_attempts", "1000"), "dies", "KILL");
        for (int generation = 1; generation <= 3; generation++) {
            int wanted = generation;
            rig.until("dies", "run", server -> server.phase() == Phase.RUNNING && server.generation() >= wanted);
            assertTrue(rig.answer("dies", "{}").contains("error"));
        }

        assertTrue(calls.get() > 6);
        List<Event.PhaseChanged> changes = rig.changes("dies").toList();
        for (int i = 1; i < changes.size(); i++) {
            assertEquals(changes.get(i - 1).to(), changes.get(i).from(), "one chain of events");
        }
    }
}

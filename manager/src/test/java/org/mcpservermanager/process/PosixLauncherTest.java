package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.faults.Fault;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;

@EnabledOnOs(OS.LINUX)
@Timeout(60)
class PosixLauncherTest {
    @TempDir
    Path state;

    @Test
    @Fault(47)
    void passesTheDeclaredEnvironmentAndAMarkerAndNothingElse() throws Exception {
        try (Household house = new Household(state)) {
            Map<String, String> declared =
                    Map.of("KEY", "a=b\nc", "LONG", "x".repeat(100_000), "PATH", "/bin:/usr/bin");

            Child child = house.launch(List.of("cat", "/proc/self/environ"), declared);
            Map<String, String> seen = variables(new String(child.stdout().readAllBytes(), StandardCharsets.UTF_8));

            Map<String, String> expected = BaseEnvironment.ofThisJvm().with(declared);
            String marker = seen.remove("MCP_MANAGER_TOKEN");
            assertEquals(expected, seen);
            assertTrue(marker.startsWith(house.launcher.manager() + ":nasty:1:"), marker);
        }
    }

    @Test
    @Fault(47)
    void keepsTheSecretsOfTheApplicationServer() {
        Map<String, String> ofServer = Map.of(
                "DB_PASSWORD",
                "s3cret",
                "PATH",
                "/bin",
                "LC_ALL",
                "C.UTF-8",
                "JAVA_TOOL_OPTIONS",
                "-Dx",
                "LD_PRELOAD",
                "x.so");

        Map<String, String> child = new BaseEnvironment(ofServer, false).with(Map.of("API_KEY", "declared"));

        assertEquals(Map.of("PATH", "/bin", "LC_ALL", "C.UTF-8", "API_KEY", "declared"), child);
    }

    @Test
    void passesArgumentsUntouchedAndNoDescriptors() throws Exception {
        try (Household house = new Household(state)) {
            // Without a UTF-8 locale the last one is refused, which PreflightTest cannot show in this JVM either.
            String beyondAscii =
                    StandardCharsets.UTF_8.name().equals(System.getProperty("sun.jnu.encoding")) ? "é €" : "e";
            List<String> odd = List.of("$(id)", "; rm -rf x", "*", "a b", "", "'\"", beyondAscii);

            List<String> command =
                    new ArrayList<>(List.of("sh", "-c", "ls /proc/self/fd | wc -l; printf '%s|' \"$@\"", "x"));
            command.addAll(odd);
            Child child = house.launch(command);
            String out = new String(child.stdout().readAllBytes(), StandardCharsets.UTF_8);

            assertEquals("4\n" + String.join("|", odd) + "|", out.strip(), "3 and the one that ls opens");
        }
    }

    @Test
    void leadsAGroupOfItsOwnAndIsKilledBeforeTheApplicationServer() throws Exception {
        try (Household house = new Household(state)) {
            Child child = house.sh("echo ready; read -r nothing; : TAG");
            assertEquals("ready", Household.line(child));

            assertEquals("group", child.containment());
            assertEquals(
                    child.pid(), new ProcTable().look(child.pid()).orElseThrow().group());
            int score = Birthmark.of(child.pid());
            assertTrue(score >= 500 && score < 600, () -> "oom_score_adj " + score);
        }
    }

    @Test
    void refusesACommandWithTheReasonAndStaysUsable() throws Exception {
        try (Household house = new Household(state)) {
            LaunchRefused refused = assertThrows(LaunchRefused.class, () -> house.launch(List.of("no-such-program")));
            assertEquals(Problem.COMMAND_NOT_FOUND, refused.problem().code());

            List<String> tooMuch = new ArrayList<>(List.of("true"));
            for (int i = 0; i < 100; i++) {
                tooMuch.add("x".repeat(100_000));
            }
            refused = assertThrows(LaunchRefused.class, () -> house.launch(tooMuch));
            assertEquals(Problem.INVALID_CONFIGURATION, refused.problem().code());

            assertEquals(new Exit(0, 0), house.launch(List.of("true")).exited().get(5, TimeUnit.SECONDS));
        }
    }

    @Test
    void reportsHowAServerEnded() throws Exception {
        try (Household house = new Household(state)) {
            assertEquals(new Exit(42, 0), house.sh("exit 42").exited().get(5, TimeUnit.SECONDS));
            assertEquals(new Exit(-1, 11), house.sh("kill -s SEGV $$").exited().get(5, TimeUnit.SECONDS));
        }
    }

    @Test
    @Fault(37)
    void leavesNoThreadNoDescriptorAndNoProcess() throws Exception {
        try (Household warm = new Household(state.resolve("warm"))) {
            warm.sh("exit 0").treeEmpty().get(5, TimeUnit.SECONDS);
        }
        Eventually.becomes(
                false, Duration.ofSeconds(5), () -> threads().stream().anyMatch(name -> name.startsWith("mcp-")));
        // opens every jar of the class path, as the first record of a log may do
        getClass().getClassLoader().getResource("not/there");
        Set<String> threads = threads();
        int descriptors = descriptors();
        String tag;

        try (Household house = new Household(state.resolve("house"))) {
            tag = house.tag;
            for (int round = 0; round < 100; round++) {
                Child child =
                        house.sh(round % 2 == 0 ? "echo ready; exec sleep TAG" : "sleep TAG & echo ready; exit 1");
                assertEquals("ready", Household.line(child));
                assertTrue(child.stop(Duration.ZERO, Duration.ofSeconds(5)).get(10, TimeUnit.SECONDS));
            }
            house.sh("trap '' TERM; while :; do sleep TAG; done");
        }

        assertEquals(List.of(), Household.alive(tag));
        Eventually.becomes(Set.of(), Duration.ofSeconds(5), () -> {
            Set<String> fresh = threads();
            fresh.removeAll(threads); // of which some may have ended since
            return fresh;
        });
        Eventually.becomes(true, Duration.ofSeconds(5), () -> descriptors() <= descriptors);
    }

    @Test
    void stopsFiftyServersTogether() throws Exception {
        try (Household house = new Household(state)) {
            List<Child> children = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                Child child = house.sh("sleep TAG & echo ready; exec sleep TAG");
                assertEquals("ready", Household.line(child));
                children.add(child);
            }
            assertEquals(100, house.alive().size());

            long begun = System.nanoTime();
            CompletableFuture.allOf(children.stream()
                            .map(child -> child.stop(Duration.ZERO, Duration.ofSeconds(5)))
                            .toArray(CompletableFuture<?>[]::new))
                    .get(10, TimeUnit.SECONDS);
            Duration took = Duration.ofNanos(System.nanoTime() - begun);

            assertEquals(List.of(), house.alive());
            assertTrue(took.compareTo(Duration.ofSeconds(3)) < 0, () -> "took " + took);
        }
    }

    @Test
    void refusesLaunchesAfterItsEnd() throws Exception {
        Household house = new Household(state);
        house.close();

        LaunchRefused refused = assertThrows(LaunchRefused.class, () -> house.launch(List.of("true")));
        assertEquals(
                "The launcher is closed, server 'nasty'.", refused.problem().message());
    }

    @Test
    void replacesAGuardianThatDies() throws Exception {
        try (Household house = new Household(state)) {
            Eventually.becomes(true, Duration.ofSeconds(5), () -> house.launcher.guardianPid() != 0);
            long first = house.launcher.guardianPid();

            ProcessHandle.of(first).orElseThrow().destroyForcibly();

            Eventually.becomes(
                    true,
                    Duration.ofSeconds(5),
                    () -> house.launcher.guardianPid() != 0 && house.launcher.guardianPid() != first);
        }
    }

    @Test
    void replacesAGuardianThatTakesNoOrders() throws Exception {
        Guardian guardian = new Guardian(List.of("/usr/bin/setsid"), "MCP_MANAGER_TOKEN=nobody");
        try {
            Eventually.becomes(true, Duration.ofSeconds(5), () -> guardian.pid() != 0);
            long first = guardian.pid();
            halt(first);

            for (long i = 0; i < 20_000; i++) {
                guardian.forget(1_000_000_000L + i);
            }

            Eventually.becomes(true, Duration.ofSeconds(10), () -> guardian.pid() != 0 && guardian.pid() != first);
        } finally {
            guardian.close();
        }
    }

    @Test
    void replacesAGuardianThatHangsOnceForAllWhoWait() throws Exception {
        Duration limit = Duration.ofMillis(500);
        Guardian guardian = new Guardian(List.of("/usr/bin/setsid"), "MCP_MANAGER_TOKEN=nobody", limit);
        try {
            Eventually.becomes(true, Duration.ofSeconds(5), () -> guardian.pid() != 0);
            long first = guardian.pid();
            halt(first);
            // more than its pipe takes
            guardian.signal(
                    "CONT",
                    LongStream.range(1_000_000_000L, 1_000_020_000L).boxed().toList());

            List<CompletableFuture<Void>> launches = new ArrayList<>();
            for (long group = 2_000_000_000L; group < 2_000_000_003L; group++) {
                CompletableFuture<Void> told = guardian.watch(group, 1);
                launches.add(CompletableFuture.runAsync(() -> guardian.awaitTold(told)));
            }
            for (CompletableFuture<Void> launch : launches) {
                launch.get(10, TimeUnit.SECONDS);
            }
            Eventually.becomes(true, Duration.ofSeconds(5), () -> guardian.pid() != 0 && guardian.pid() != first);
            CompletableFuture<ProcessHandle> end =
                    ProcessHandle.of(guardian.pid()).orElseThrow().onExit();
            guardian.watch(2_000_000_009L, 1).get(10, TimeUnit.SECONDS);
            assertThrows(TimeoutException.class, () -> end.get(2 * limit.toMillis(), TimeUnit.MILLISECONDS));
        } finally {
            guardian.close();
        }
    }

    private static void halt(long pid) throws Exception {
        Process kill = new ProcessBuilder("kill", "-s", "STOP", Long.toString(pid)).start();
        assertEquals(0, kill.waitFor());
    }

    @Test
    @Fault(40)
    void keepsTheLastDescriptorsForOthers() {
        Launch launch = new Launch(Household.SERVER, 1, List.of("true"), Map.of(), state);

        LaunchRefused refused =
                assertThrows(LaunchRefused.class, () -> new Descriptors(descriptors()).requireRoom(launch));

        assertEquals(Problem.HOST_EXHAUSTED, refused.problem().code());
        assertTrue(refused.hostFault());
        new Descriptors(descriptors() * 2L).requireRoom(launch);
    }

    @Test
    void lendsAStateDirectoryToOneManager() throws Exception {
        try (StateLock held = StateLock.take(state)) {
            ProblemException refused = assertThrows(ProblemException.class, () -> StateLock.take(state));

            assertEquals(StateLock.STATE_DIRECTORY_IN_USE, refused.problem().code());
            assertTrue(
                    refused.getMessage()
                            .contains("pid " + ProcessHandle.current().pid()),
                    refused.getMessage());
            assertEquals(state.toRealPath(), held.directory());
        }
        StateLock.take(state).close();
    }

    @Test
    void keepsItsIdAcrossRestarts() throws Exception {
        ManagerId first;
        try (Household house = new Household(state)) {
            first = house.launcher.manager();
        }
        try (Household house = new Household(state)) {
            assertEquals(first, house.launcher.manager());
        }
        Files.writeString(state.resolve("manager.id"), "nonsense");
        IOException refused = assertThrows(IOException.class, () -> {
            try (StateLock lock = StateLock.take(state)) {
                PosixLauncher.open(lock).close();
            }
        });
        assertTrue(refused.getMessage().contains("holds no id (expected: a UUID)"), refused.getMessage());
    }

    private static Map<String, String> variables(String environ) {
        Map<String, String> variables = new java.util.TreeMap<>();
        for (String entry : environ.split("\0")) {
            variables.put(entry.substring(0, entry.indexOf('=')), entry.substring(entry.indexOf('=') + 1));
        }
        return variables;
    }

    /** The JDK keeps its reapers for a minute, and its pool for asynchronous completion. */
    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !name.startsWith("process reaper")
                        && !name.startsWith("ForkJoinPool")
                        && !name.matches("Thread-\\d+"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static int descriptors() {
        String[] open = new File("/proc/self/fd").list();
        assertFalse(open == null, "/proc/self/fd cannot be listed");
        return open.length;
    }
}

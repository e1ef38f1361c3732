package org.mcpservermanager.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.fixture.Nasty;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.StartStep;

/** Servers that do not start, end when nobody asked, or do not end when somebody did. */
class StartsAndEndsIT extends FaultTest {
    private static final Duration AT_ONCE_ON_A_BUSY_MACHINE = Duration.ofSeconds(1);

    @Test
    @Fault(1)
    void aCommandThatCannotRunIsFatalWithItsReasonAndLeaksNothing() throws Exception {
        Path orphaned = script("#!/no/such/interpreter\n", "rwx------");
        Path locked = script("#!/bin/sh\n", "rw-------");
        Map<String, List<String>> bad = new LinkedHashMap<>();
        bad.put(Problem.COMMAND_NOT_FOUND, List.of("no-such-program-" + rig.tag));
        bad.put(Problem.INTERPRETER_NOT_FOUND, List.of(orphaned.toString()));
        bad.put(Problem.NOT_EXECUTABLE, List.of(locked.toString()));
        bad.put(Problem.INVALID_CONFIGURATION, List.of("true", "x".repeat(3_000_000)));
        bad.forEach((code, command) -> fatal(code.replace('_', '-'), command, "", code));
        fatal("directory", List.of(state.toString()), "", Problem.NOT_EXECUTABLE);
        fatal("nowhere", List.of("true"), "\"cwd\":\"/no/such/directory\"", Problem.DIRECTORY_NOT_FOUND);
        ProblemException refused =
                assertThrows(ProblemException.class, () -> rig.add("nul", List.of("true", "a\0b"), ""));
        assertEquals(Problem.INVALID_CONFIGURATION, refused.problem().code());

        int before = openFiles();
        for (int i = 0; i < 20; i++) {
            rig.servers
                    .start(new ServerId("not-executable"))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        }
        assertTrue(openFiles() <= before + 1, () -> before + " descriptors, then " + openFiles());
    }

    @Test
    @Fault(48)
    void aUserThatIsNotThereIsFatal() {
        fatal("nobody-there", List.of("true"), "\"user\":\"no-such-user\"", Problem.USER_NOT_FOUND);
        fatal("no-group", List.of("true"), "\"user\":\"root:no-such-group\"", Problem.USER_NOT_FOUND);
    }

    private void fatal(String id, List<String> command, String more, String code) {
        rig.add(id, command, more);
        Snapshot server = rig.until(id, Phase.FATAL);
        assertEquals(code, server.failure().problem().orElseThrow().code(), server::toString);
        assertFalse(server.failure().problem().orElseThrow().remedy().isEmpty());
        assertTrue(server.failure().retryAt().isEmpty(), "no retry");
        assertEquals(List.of(Phase.STARTING, Phase.FATAL), rig.phases(id));
    }

    private Path script(String text, String permissions) throws Exception {
        Path script = Files.writeString(Files.createTempFile(state, "script", ".sh"), text);
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString(permissions));
    }

    private static int openFiles() {
        return new File("/proc/self/fd").list().length;
    }

    @Test
    @Fault(2)
    void aServerThatFailsAtOnceIsTriedLessAndLessOftenThenParked() {
        rig.add("fails", Nasty.habit(rig.tag, "exit", "7"), "\"restart_delay\":\"40ms\",\"max_restart_attempts\":4");

        Snapshot parked = rig.until(
                "fails",
                "be parked with its exit",
                server -> server.phase() == Phase.PARKED
                        && server.failure().exit().isPresent());

        assertEquals(new Exit(7, 0), parked.failure().exit().orElseThrow());
        assertEquals(5, parked.counts().starts());
        List<Event.PhaseChanged> changes = rig.changes("fails").toList();
        List<Long> pauses = new ArrayList<>();
        for (int i = 1; i < changes.size(); i++) {
            assertEquals(changes.get(i - 1).to(), changes.get(i).from(), "one event for each change");
            if (changes.get(i).from() == Phase.BACKOFF) {
                pauses.add(
                        Duration.between(changes.get(i - 1).at(), changes.get(i).at())
                                .toMillis());
            }
        }
        long wanted = 40;
        for (long pause : pauses) {
            assertTrue(pause >= wanted - 1, pauses::toString);
            wanted *= 2;
        }
        assertEquals(4, pauses.size());
    }

    @Test
    @Fault(3)
    void aServerThatIsReadyAndDiesAgainAndAgainIsParked() {
        rig.nasty("loops", Map.of("health", "{\"interval\":\"30ms\"}", "max_restart_attempts", "3"), "exit-after", "2");

        Snapshot parked = rig.until("loops", Phase.PARKED);

        assertEquals(4, parked.counts().failuresInRow());
        assertEquals(
                4, rig.phases("loops").stream().filter(Phase.RUNNING::equals).count());
    }

    @Test
    @Fault(4)
    void aServerThatExitsWithZeroWhileItIsUsedIsReplacedAndOneThatWasAskedToIsNot() {
        rig.nasty("leaves", "exit-after", "1");
        rig.running("leaves");

        String answer = rig.answer("leaves", "{}");

        assertTrue(answer.contains("\"error\""), answer);
        rig.until("leaves", "run again", server -> server.phase() == Phase.RUNNING && server.generation() >= 2);
        assertEquals(Phase.STOPPED, rig.stop("leaves").phase());
    }

    @Test
    @Fault(5)
    void aServerThatNeverSpeaksIsEndedAtItsTimeout() {
        rig.nasty("mute", Map.of("startup_timeout", "\"400ms\"", "startup_timeout_max", "\"600ms\""), "no-ready");

        Snapshot server = rig.until("mute", "back off", each -> each.counts().failures() > 0);

        assertEquals(
                Problem.STARTUP_TIMEOUT,
                server.failure().problem().orElseThrow().code());
        rig.servers.stop(new ServerId("mute"), true);
        Rig.until(() -> rig.alive().isEmpty(), () -> "its tree: " + rig.alive());
    }

    @Test
    @Fault(6)
    void aStartThatShowsProgressIsNotKilled() {
        rig.nasty("slow", Map.of("startup_timeout", "\"500ms\""), "installs", "15");

        rig.until("slow", "be installing", server -> server.step() == StartStep.INSTALLING);
        Snapshot ready = rig.running("slow");

        assertEquals(1, ready.generation());
    }

    @Test
    @Fault(9)
    void aServerThatIgnoresEverySignalIsKilledAfterItsTime() {
        rig.nasty("deaf", "ignores-signals");
        rig.running("deaf");

        long began = System.nanoTime();
        Snapshot stopped = rig.stop("deaf");
        Duration took = Duration.ofNanos(System.nanoTime() - began);

        assertEquals(Phase.STOPPED, stopped.phase());
        assertTrue(took.toMillis() >= 600, "end of input and TERM have their time: " + took);
        assertEquals(new Exit(-1, 9), exit("deaf"));
        assertEquals(List.of(), rig.alive());
    }

    @Test
    @Fault(10)
    void aServerThatNeedsTimeAfterTermIsWaitedFor() {
        rig.nasty("slow", Map.of("shutdown_timeout", "10"), "slow-term", "0.7");
        rig.running("slow");

        rig.stop("slow");

        assertEquals(new Exit(0, 0), exit("slow"), "it was not killed");
    }

    /** The news of an exit may come after the tree was found empty. */
    private Exit exit(String id) {
        return rig.until(id, "show how it ended", server -> server.failure()
                        .exit()
                        .isPresent())
                .failure()
                .exit()
                .orElseThrow();
    }

    @Test
    @Fault({11, 12})
    void aHaltedServerFailsItsChecksAndIsReplaced() {
        rig.nasty("halted", checked(), "stop-after", "2");
        Snapshot first = rig.running("halted");

        rig.until("halted", "be replaced", server -> server.generation() > first.generation());

        assertTrue(unhealthy("halted", "is stopped"), () -> rig.heard.toString());
    }

    @Test
    @Fault(12)
    void aHaltedServerIsWokenToLeaveInOrder() {
        rig.nasty("halted", Map.of("shutdown_timeout", "10", "health", "false"), "stop-after", "1");
        Snapshot server = rig.running("halted");
        CompletableFuture<String> call = rig.call("halted", "{}");
        Rig.until(
                () -> Rig.read(Path.of("/proc/" + server.running().pid() + "/stat"))
                        .contains(") T "),
                () -> "it should be halted");

        long began = System.nanoTime();
        Snapshot stopped = rig.servers
                .stop(new ServerId("halted"), true)
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();

        assertEquals(Phase.STOPPED, stopped.phase());
        assertTrue(Duration.ofNanos(System.nanoTime() - began).compareTo(Duration.ofSeconds(5)) < 0);
        assertTrue(call.orTimeout(5, TimeUnit.SECONDS).join().contains("error"));
    }

    @Test
    @Fault(7)
    void aServerThatHangsIsReplacedAndItsCallsFail() {
        rig.nasty("hangs", checked(), "hang-after", "3");
        rig.running("hangs");
        CompletableFuture<String> call = rig.call("hangs", "{\"n\":1}");
        String first = call.orTimeout(20, TimeUnit.SECONDS).join();

        rig.until("hangs", "be replaced", server -> server.generation() >= 2);

        assertTrue(unhealthy("hangs", "was not answered within"), () -> first + rig.heard);
    }

    @Test
    @Fault(8)
    void aSlowServerIsDegradedAndStays() {
        rig.nasty(
                "slow",
                Map.of("health", "{\"interval\":\"50ms\",\"timeout\":30,\"degraded_latency\":\"50ms\"}"),
                "slow-answer",
                "0.1");

        Snapshot slow =
                rig.until("slow", "be checked", server -> server.checks().count() >= 4);

        assertEquals(org.mcpservermanager.server.Health.DEGRADED, slow.health());
        assertEquals(1, slow.generation());
    }

    private static Map<String, String> checked() {
        return Map.of(
                "health",
                "{\"interval\":\"50ms\",\"recovery_interval\":\"20ms\",\"timeout\":\"400ms\",\"failure_threshold\":3}",
                "request_timeout",
                "\"500ms\"");
    }

    private boolean unhealthy(String id, String issue) {
        return rig.heard.stream()
                .filter(Event.HealthChanged.class::isInstance)
                .map(Event.HealthChanged.class::cast)
                .anyMatch(change ->
                        change.server().value().equals(id) && change.issue().contains(issue));
    }

    @ParameterizedTest(name = "by SIG{0}")
    @ValueSource(strings = {"SEGV", "ABRT", "KILL"})
    @Fault(34)
    void aDeathInTheMiddleOfACallFailsItAtOnceAndIsNamed(String signal) {
        rig.nasty("dies", "dies", signal);
        rig.running("dies");

        String answer = rig.answer("dies", "{}");
        Instant answered = Instant.now();

        String data = JsonText.member(JsonText.member(answer, "error"), "data");
        assertEquals(JsonText.quote(Problem.PROCESS_EXITED), JsonText.member(data, "code"), answer);
        Event.ProcessExited exited = exited();
        Duration late = Duration.between(exited.at(), answered);
        assertTrue(late.compareTo(AT_ONCE_ON_A_BUSY_MACHINE) < 0, late::toString);
        assertEquals("SIG" + signal, exited.exit().signalName());
        rig.until("dies", "run again", server -> server.phase() == Phase.RUNNING && server.generation() == 2);
        assertEquals(Set.of(), cores());
    }

    private Event.ProcessExited exited() {
        Rig.until(() -> exits().findFirst().isPresent(), () -> "an exit: " + rig.heard);
        return exits().findFirst().orElseThrow();
    }

    private java.util.stream.Stream<Event.ProcessExited> exits() {
        return rig.heard.stream().filter(Event.ProcessExited.class::isInstance).map(Event.ProcessExited.class::cast);
    }

    private Set<String> cores() {
        String[] files = state.resolve("servers/dies").toFile().list((directory, name) -> name.startsWith("core"));
        return Set.of(files == null ? new String[0] : files);
    }
}

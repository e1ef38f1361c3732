package org.mcpservermanager.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.fixture.Launching;
import org.mcpservermanager.fixture.Nasty;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.Snapshot;

/** Servers that start processes and do not look after them. At the level group, which needs no rights, unless it says otherwise. */
class TreesIT extends FaultTest {
    private static final Map<String, String> GROUP = Map.of("containment", "\"group\"");

    @ParameterizedTest(name = "{0}")
    @CsvSource({"kids,5,6", "bare-kids,1,2", "halted-kids,1,2"})
    @Fault(13)
    void kidsEndWithTheirServer(String habit, String argument, int family) {
        endsAltogether(habit, argument, family);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"setsid-kids,5,6", "nested-kids,1,4"})
    @Fault(15)
    void kidsInOtherSessionsAndBelowOtherKidsEndWithTheirServer(String habit, String argument, int family) {
        endsAltogether(habit, argument, family);
    }

    private void endsAltogether(String habit, String argument, int family) {
        rig.nasty("parent", GROUP, habit, argument);
        rig.running("parent");
        Rig.until(() -> rig.alive().size() >= family, () -> "a family of " + family + ": " + rig.alive());

        assertEquals(Phase.STOPPED, rig.stop("parent").phase());

        assertEquals(List.of(), rig.alive());
    }

    @Test
    @Fault(13)
    void kidsOfAKilledServerAreGoneBeforeItsSuccessorStarts() {
        rig.nasty("parent", GROUP, "kids", "5");
        Snapshot first = rig.running("parent");
        Rig.until(() -> rig.alive().size() == 6, () -> "a family of 6: " + rig.alive());
        Set<String> before = Set.copyOf(rig.alive());

        ProcessHandle.of(first.running().pid()).orElseThrow().destroyForcibly();

        rig.until("parent", "run again", server -> server.phase() == Phase.RUNNING && server.generation() == 2);
        assertTrue(rig.alive().stream().noneMatch(before::contains), () -> before + " and now " + rig.alive());
    }

    @Test
    @Fault(14)
    void orphansThatHoldTheOutputNeitherHideTheExitNorPileUp() {
        Set<String> threads = threads();
        int files = new File("/proc/self/fd").list().length;
        rig.nasty(
                "leader",
                Map.of("containment", "\"group\"", "max_restart_attempts", "1000000", "restart_delay_max", "\"30ms\""),
                "leaves-orphans");
        long began = System.nanoTime();
        rig.until(
                "leader",
                "fail ten times",
                server -> server.counts().failures() >= 10 || server.phase() == Phase.PARKED);

        assertTrue(rig.alive().size() <= 3, () -> "one generation at a time: " + rig.alive());
        rig.stop("leader");

        assertEquals(List.of(), rig.alive());
        Rig.until(
                () -> {
                    Set<String> more = threads();
                    more.removeAll(threads);
                    return more.isEmpty();
                },
                () -> "the threads of copies: " + threads());
        Rig.until(
                () -> new File("/proc/self/fd").list().length <= files + 8,
                () -> files + " descriptors, then " + new File("/proc/self/fd").list().length);
        assertTrue(System.nanoTime() - began < Rig.PATIENCE.toNanos());
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("mcp-leader"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    @Fault(16)
    void aServerThatTurnsIntoADaemonFailsAndLeavesNoDaemon() {
        rig.nasty("daemon", Map.of("containment", "\"group\"", "max_restart_attempts", "3"), "daemonizes");

        Snapshot parked = rig.until("daemon", Phase.PARKED);
        Rig.until(() -> rig.alive().isEmpty(), () -> "no daemon: " + rig.alive());

        assertEquals(
                Problem.PROCESS_EXITED, parked.failure().problem().orElseThrow().code());
    }

    @Test
    @Fault(17)
    void aProcessThatHidesInEveryWayIsFoundInAControlGroup() {
        Assumptions.assumeTrue(rig.launcher.containment().equals("cgroup"), "needs control groups (root)");
        rig.nasty("evil", Map.of("containment", "\"cgroup\""), "evil");
        rig.running("evil");
        assertTrue(rig.answer("evil", "{}").contains("result"));
        Rig.until(() -> rig.alive().size() >= 2, () -> "the hidden one: " + rig.alive());

        assertEquals(Phase.STOPPED, rig.stop("evil").phase());

        assertEquals(List.of(), rig.alive());
    }

    @Test
    @Fault(17)
    void aProcessThatHidesInEveryWayIsReportedWhereNothingHoldsIt() throws Exception {
        rig.nasty("evil", GROUP, "evil");
        rig.running("evil");
        assertTrue(rig.answer("evil", "{}").contains("result"));
        rig.nasty("other", GROUP, "kids", "2");
        rig.running("other");
        Rig.until(() -> rig.alive().size() >= 5, () -> "the hidden one and all others: " + rig.alive());

        assertEquals(Phase.STOPPED, rig.stop("other").phase());
        assertEquals(Phase.STOPPED, rig.stop("evil").phase());

        List<String> escaped = rig.alive();
        assertEquals(1, escaped.size(), escaped::toString);
        long pid = Long.parseLong(escaped.get(0).substring(0, escaped.get(0).indexOf(' ')));
        List<String> reports = rig.heard.stream()
                .filter(Event.Alert.class::isInstance)
                .map(alert -> ((Event.Alert) alert).problem().toString())
                .toList();
        assertEquals(1, reports.size(), reports::toString);
        assertTrue(
                reports.get(0).startsWith(Problem.PROCESS_ESCAPED)
                        && reports.get(0).contains("pid " + pid + " "),
                reports::toString);
        ProcessHandle hidden = ProcessHandle.of(pid).orElseThrow();
        hidden.destroyForcibly();
        hidden.onExit().get(5, java.util.concurrent.TimeUnit.SECONDS);
    }

    @Test
    @Fault(18)
    void aServerThatRespawnsAtTermIsEndedForGood() {
        rig.nasty("phoenix", GROUP, "respawns");
        rig.running("phoenix");

        assertEquals(Phase.STOPPED, rig.stop("phoenix").phase());

        assertEquals(List.of(), rig.alive());
    }

    @Test
    @Fault(20)
    void theDeadThatAServerLeavesAreCountedAndDoNoHarm() {
        rig.nasty("undertaker", GROUP, "zombies");
        rig.running("undertaker");

        Snapshot seen = rig.until(
                "undertaker", "show zombies", server -> server.resources().zombies() == 5);
        assertEquals(Phase.RUNNING, seen.phase());
        assertTrue(rig.answer("undertaker", "{}").contains("result"));

        assertEquals(Phase.STOPPED, rig.stop("undertaker").phase());
    }

    @ParameterizedTest(name = "containment {0}")
    @ValueSource(strings = {"auto", "group"})
    @Fault(19)
    void aServerThatForksWithoutEndIsEndedAndTheOthersAnswer(String containment) {
        rig.healthy("well");
        rig.nasty(
                "bomb",
                Map.of(
                        "containment",
                        '"' + containment + '"',
                        "limits",
                        "{\"processes\":60}",
                        "max_restart_attempts",
                        "0"),
                "fork-bomb",
                "80");

        Rig.until(
                () -> rig.changes("bomb").anyMatch(change -> change.cause()
                        .filter(cause -> cause.code().equals(Problem.LIMIT_EXCEEDED))
                        .isPresent()),
                () -> "the limit of processes: " + rig.heard);

        assertTrue(rig.answer("well", "{\"n\":1}").contains("\"n\":1"));
        rig.stop("bomb");
        assertTrue(rig.alive().stream().noneMatch(line -> line.contains("sleep")), () -> rig.alive()
                .toString());
        assertEquals(1, rig.server("well").generation());
    }

    @Test
    @Fault(35)
    void aPortThatACrashedServersKidHoldsIsFreeForItsSuccessor() throws Exception {
        int port;
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = any.getLocalPort();
        }
        List<String> kid = Launching.command(Nasty.class, "bind=" + port, rig.tag);
        String all = String.join(" ", kid);
        // The kid holds the port and outlives its parent: the successor of the parent could not bind it.
        rig.add("holder", List.of("sh", "-c", "exec 3<&0; setsid " + all + " <&3"), Rig.QUICK);
        Snapshot first = rig.running("holder");

        ProcessHandle.of(first.running().pid()).orElseThrow().destroyForcibly();

        rig.until("holder", "run again", server -> server.phase() == Phase.RUNNING && server.generation() >= 2);
        assertEquals(1, rig.server("holder").counts().failures(), () -> rig.heard.stream()
                .filter(Event.PhaseChanged.class::isInstance)
                .toList()
                .toString());
    }
}

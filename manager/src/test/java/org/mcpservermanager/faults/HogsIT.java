package org.mcpservermanager.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcpservermanager.fixture.Launching;
import org.mcpservermanager.fixture.Nasty;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.Rule;
import org.mcpservermanager.server.Snapshot;

/** Servers that take more than they may, beside one that does not. */
class HogsIT extends FaultTest {
    private static final Duration PROMPT_ON_A_BUSY_MACHINE = Duration.ofSeconds(3);

    @ParameterizedTest(name = "containment {0}")
    @CsvSource({"auto", "group"})
    @Fault(21)
    void aServerWhoseMemoryGrowsIsReplaced(String containment) {
        rig.add(
                "grows",
                Nasty.habit(rig.tag, "memory-hog", "30000000"),
                Rig.QUICK + ",\"containment\":\"" + containment
                        + "\",\"limits\":{\"memory_mb\":20},\"max_restart_attempts\":0");
        assertEquals(Problem.LIMIT_EXCEEDED, failure("grows").code());
    }

    @Test
    @Fault(21)
    void theKernelWouldEndServersBeforeTheManager() throws Exception {
        rig.nasty("kids", "kids", "1");
        long pid = rig.running("kids").running().pid();
        int own = score(ProcessHandle.current().pid());

        assertTrue(score(pid) >= Math.max(own, 500), () -> "of the manager: " + own);
    }

    private static int score(long pid) throws Exception {
        return Integer.parseInt(
                Files.readString(Path.of("/proc/" + pid + "/oom_score_adj")).strip());
    }

    @Test
    @Fault(21)
    void aServerThatTakesItsMemoryAtOnceIsReplaced() {
        hog("at-once", "memory=40000000", "\"limits\":{\"memory_mb\":60}");

        assertTrue(failure("at-once").message().contains("MB of memory (limit: 60 MB"));
    }

    @Test
    @Fault(22)
    void aServerThatKeepsProcessorsBusyIsReplacedWhileOthersAnswer() {
        rig.healthy("well");
        rig.add(
                "busy",
                Nasty.habit(rig.tag, "cpu-hog", "2"),
                Rig.QUICK + ",\"limits\":{\"cpu_percent\":20},\"max_restart_attempts\":0");
        rig.running("busy");

        long began = System.nanoTime();
        String answer = rig.answer("well", "{\"n\":1}");
        Duration took = Duration.ofNanos(System.nanoTime() - began);

        assertTrue(answer.contains("\"n\":1"), answer);
        assertTrue(took.compareTo(PROMPT_ON_A_BUSY_MACHINE) < 0, took::toString);
        assertTrue(failure("busy").message().contains("% of a core (limit: 20 %)"));
    }

    @Test
    @Fault(22)
    void aServerThatOpensFilesWithoutEndIsReplaced() {
        hog("opens", "open-files=300", "\"limits\":{\"open_files\":200}");

        assertTrue(failure("opens").message().contains("open files (limit: 200)"));
    }

    @Test
    @Fault(22)
    void threadsAreCounted() {
        hog("threads", "threads=200", "\"limits\":{\"cpu_percent\":0}");
        rig.running("threads");

        Snapshot seen = rig.until(
                "threads", "show its threads", server -> server.resources().threads() > 200);

        assertEquals(Phase.RUNNING, seen.phase());
    }

    @Test
    @Fault(22)
    void aServerThatFillsItsDiskIsStoppedLikeAnyOther() {
        rig.nasty("writes", "disk-hog");
        rig.running("writes");
        Path file = state.resolve("servers/writes/hog");
        Rig.until(() -> file.toFile().length() > 1_000_000, () -> file + " should grow");

        assertTrue(rig.answer("writes", "{\"n\":1}").contains("\"n\":1"));
        assertEquals(Phase.STOPPED, rig.stop("writes").phase());

        long size = file.toFile().length();
        assertEquals(List.of(), rig.alive());
        assertEquals(size, file.toFile().length());
    }

    private void hog(String id, String habit, String limits) {
        List<String> command = Launching.command(Nasty.class, habit, rig.tag);
        rig.add(id, command, Rig.QUICK + "," + limits + ",\"max_restart_attempts\":0");
    }

    private Problem failure(String id) {
        Rig.until(() -> rig.changes(id).anyMatch(change -> change.cause().isPresent()), () -> rig.heard.toString());
        Problem cause = rig.changes(id)
                .flatMap(change -> change.cause().stream())
                .findFirst()
                .orElseThrow();
        assertTrue(
                rig.heard.stream()
                        .anyMatch(event -> event instanceof Event.Alert alert
                                && alert.server().value().equals(id)
                                && !alert.over()
                                && alert.crossing()
                                        .filter(crossing -> crossing.rule() != Rule.RESTARTS)
                                        .isPresent()),
                () -> "people were told: " + rig.heard);
        return cause;
    }
}

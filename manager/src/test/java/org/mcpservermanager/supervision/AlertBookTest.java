package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.server.AlertPolicy;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Limits;
import org.mcpservermanager.server.Limits.Action;
import org.mcpservermanager.server.Limits.Limit;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Usage;

class AlertBookTest {
    private static final Limits LIMITS = new Limits(
            new Limit(100_000_000, Action.ALERT), Limit.NONE, new Limit(50, Action.RESTART), Limit.NONE, false);
    private static final AlertPolicy POLICY = new AlertPolicy(0, 90, 50, Duration.ofMillis(200), 2);
    private static final ServerSpec SPEC = ScriptedWorld.spec("one", LIMITS, POLICY);
    private final AlertBook book = new AlertBook();
    private final List<String> told = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private long seconds;

    private void look(Usage... copies) {
        look(Window.Totals.NONE, copies);
    }

    private void look(Window.Totals totals, Usage... copies) {
        seconds += 10;
        for (Event.Alert alert : book.take(SPEC, List.of(copies), totals, seconds * 1000, Instant.EPOCH)) {
            Event.Crossing crossing = alert.crossing().orElseThrow();
            told.add(crossing.rule() + (alert.over() ? " no longer " : " ") + Math.round(crossing.value()) + "/"
                    + Math.round(crossing.threshold()));
            said.add(alert.problem().message());
        }
    }

    static Usage usage(long megabytes, double cpu, int processes) {
        return new Usage(
                megabytes * 1_000_000,
                Duration.ZERO,
                cpu,
                processes,
                processes,
                3,
                0,
                0,
                Optional.of(Instant.EPOCH),
                Usage.Source.PROC);
    }

    @Test
    void tellsOnceWhenMemoryStaysAboveAndOnceWhenItIsBack() {
        for (int megabytes : new int[] {50, 101, 102, 103, 104, 95, 80, 80, 80, 101}) {
            look(usage(megabytes, 0, 1));
        }

        assertEquals(List.of("MEMORY 103000000/100000000", "MEMORY no longer 80000000/100000000"), told);
        assertEquals(
                List.of(
                        "server \"one\": memory: 103 MB (threshold: 100 MB)",
                        "server \"one\": memory is back: 80 MB (threshold: 100 MB)"),
                said);
    }

    @Test
    void looksAtEachCopyForItself() {
        for (int i = 0; i < 5; i++) {
            look(usage(60, 50, 30), usage(60, 50, 30));
        }
        assertEquals(List.of(), told);
        for (int i = 0; i < 3; i++) {
            look(usage(60, 95, 10), usage(60, 10, 41));
        }

        assertEquals(List.of("CPU 95/90", "PROCESSES 41/40"), told, "processes before the restart at 50");
    }

    @Test
    void withdrawsAnAlertWhenNoCopyIsLeft() {
        for (int i = 0; i < 3; i++) {
            look(usage(200, 0, 1));
        }
        look();
        look();

        assertEquals(2, told.size());
    }

    @Test
    void doesNotTakeUnknownForMuch() {
        for (int i = 0; i < 4; i++) {
            look(new Usage(-1, Duration.ZERO, -1, 1, -1, -1, -1, -1, Optional.of(Instant.EPOCH), Usage.Source.JDK));
        }

        assertEquals(List.of(), told);
    }

    @Test
    void tellsOfErrorsOnlyWhenThereWereEnoughRequests() {
        look();
        look(new Window.Totals(4, 4, 0, 0));
        assertEquals(List.of(), told);
        look(new Window.Totals(8, 5, 0, 0));
        assertEquals(List.of("ERROR_RATE 63/50"), told);
        for (int i = 0; i < 7; i++) {
            look(new Window.Totals(8, 5, 0, 0));
        }

        assertEquals(List.of("ERROR_RATE 63/50", "ERROR_RATE no longer 0/50"), told);
    }

    @Test
    void tellsOfSlowAnswers() {
        look();
        look(new Window.Totals(2, 0, 500_000_000, 0));

        assertEquals(List.of("LATENCY 250/200"), told);
    }

    @Test
    void tellsOfRestartsInTenMinutes() {
        look();
        look(new Window.Totals(0, 0, 0, 2));
        assertEquals(List.of(), told);
        look(new Window.Totals(0, 0, 0, 3));
        assertEquals(List.of("RESTARTS 3/2"), told);
        seconds += 600;
        look(new Window.Totals(0, 0, 0, 3));
        look(new Window.Totals(0, 0, 0, 3));

        assertEquals(List.of("RESTARTS 3/2", "RESTARTS no longer 0/2"), told);
    }
}

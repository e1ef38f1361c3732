package org.mcpservermanager.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Snapshot;

/** Servers that print what they should not, or do not read. */
class OutputIT extends FaultTest {
    private static final long MEGABYTE = 1 << 20;
    private static final int A_LINE_AND_ITS_COPIES = 64;

    @Test
    @Fault(23)
    void aFloodOnStdoutIsDroppedAndCountedWhileCallsAreAnswered() {
        LongAdder lines = countLines();
        rig.nasty("flood", "out-flood");
        rig.running("flood");
        long heap = heap();

        for (int i = 0; i < 50; i++) {
            String answer = rig.answer("flood", "{\"n\":" + i + "}");
            assertTrue(answer.contains("\"n\":" + i), answer);
        }

        assertTrue(heap() < heap + 32 * MEGABYTE, () -> heap + " bytes, then " + heap());
        assertTrue(lines.sum() < 20_000, () -> lines + " lines were passed on");
        assertEquals(1, rig.server("flood").generation());
    }

    @Test
    @Fault(23)
    void aServerThatOnlyFloodsFailsItsStartAndIsEnded() {
        rig.nasty("flood", Map.of("startup_timeout", "\"500ms\"", "startup_timeout_max", "\"1s\""), "only-floods");
        long heap = heap();

        Snapshot failed = rig.until("flood", "fail", server -> server.counts().failures() > 0);

        assertEquals("startup_timeout", failed.failure().problem().orElseThrow().code());
        assertTrue(heap() < heap + 32 * MEGABYTE, () -> heap + " bytes, then " + heap());
    }

    @Test
    @Fault(24)
    void aLineOfAHundredMegabytesFailsItsCallAlone() {
        rig.nasty("large", "big-line", "100000000");
        rig.running("large");
        long heap = heap();

        String answer = rig.answer("large", "{}");

        assertTrue(answer.contains("\"error\""), () -> answer.substring(0, Math.min(300, answer.length())));
        assertTrue(heap() < heap + A_LINE_AND_ITS_COPIES * MEGABYTE, () -> heap + " bytes, then " + heap());
        assertEquals(Phase.RUNNING, rig.server("large").phase());
        assertTrue(rig.answer("large", "{}").contains("\"error\""), "it is still asked");
    }

    @Test
    @Fault(25)
    void outputWithoutEndOrLineIsAFailedCheckAndThenAReplacement() {
        rig.nasty(
                "endless",
                Map.of(
                        "health",
                        "{\"interval\":\"50ms\",\"recovery_interval\":\"50ms\",\"timeout\":\"300ms\"}",
                        "request_timeout",
                        "\"500ms\""),
                "no-newline");
        rig.running("endless");
        long heap = heap();

        CompletableFuture<String> call = rig.call("endless", "{}");

        rig.until("endless", "be replaced", server -> server.generation() >= 2);
        assertTrue(call.orTimeout(10, TimeUnit.SECONDS).join().contains("error"));
        assertTrue(heap() < heap + A_LINE_AND_ITS_COPIES * MEGABYTE, () -> heap + " bytes, then " + heap());
    }

    @Test
    @Fault(26)
    void aFloodOnStderrIsThrottledWhileCallsAreAnswered() {
        LongAdder lines = countLines();
        rig.nasty("loud", "err-flood");
        rig.running("loud");

        for (int i = 0; i < 200; i++) {
            String answer = rig.answer("loud", "{\"n\":" + i + "}");
            assertTrue(answer.contains("\"n\":" + i), answer);
        }

        assertTrue(lines.sum() < 100_000, () -> lines + " lines were passed on");
        Rig.until(
                () -> rig.servers.output(new ServerId("loud"), 1000).stream()
                        .anyMatch(line -> line.line().contains("left out")),
                () -> "a line that says how much is missing");
    }

    @Test
    @Fault(27)
    void twentyMegabytesOnStderrBeforeTheFirstAnswerAreNoDeadlock() {
        rig.nasty("talker", "err-burst", "20000000");

        assertEquals(1, rig.running("talker").generation());
        assertTrue(rig.answer("talker", "{}").contains("result"));
    }

    @Test
    @Fault(28)
    void garbageIsNoMessageAndTheNextLineIs() {
        rig.nasty("binary", "binary", "65536");
        rig.running("binary");
        rig.nasty("split", "split-utf8");
        rig.running("split");

        assertTrue(rig.answer("binary", "{\"n\":1}").contains("\"n\":1"));
        assertTrue(rig.answer("split", "{}").contains("\"x\":\"é\""));
    }

    @Test
    @Fault(29)
    void aBannerIsNoise() {
        rig.nasty("banner", "banner");

        assertEquals(1, rig.running("banner").generation());
        List<Event.Output> lines = rig.servers.output(new ServerId("banner"), 10);
        assertTrue(lines.stream().anyMatch(line -> line.line().contains("welcome") && !line.error()), lines::toString);
    }

    @Test
    @Fault(30)
    void anAnswerThatComesByteByByteIsWholeAndATornOneFails() {
        rig.nasty("drips", "bytewise");
        rig.running("drips");
        rig.nasty("torn", "torn");
        rig.running("torn");

        assertTrue(rig.answer("drips", "{\"n\":[1,2]}").contains("\"n\":[1,2]"));
        assertTrue(rig.answer("torn", "{}").contains("\"error\""));
    }

    @Test
    @Fault(31)
    void aServerThatClosesItsOutputButLivesIsReplaced() {
        rig.nasty("silent", Map.of("max_restart_attempts", "0"), "close-out");
        rig.running("silent");
        String answer = rig.answer("silent", "{}");

        Snapshot parked = rig.until("silent", Phase.PARKED);

        assertTrue(parked.failure().problem().orElseThrow().message().contains("closed its output"), parked::toString);
        assertTrue(answer.contains("\"error\""), answer);
        Rig.until(() -> rig.alive().isEmpty(), () -> "its processes: " + rig.alive());
    }

    @Test
    @Fault(32)
    void aServerThatClosesItsStderrServesAndCostsNothing() {
        rig.nasty("quiet", "close-err");
        Snapshot server = rig.running("quiet");
        var threads = ManagementFactory.getThreadMXBean();

        for (int i = 0; i < 20; i++) {
            assertTrue(rig.answer("quiet", "{\"n\":" + i + "}").contains("\"n\":" + i));
        }

        assertEquals(1, server.generation());
        for (long id : threads.getAllThreadIds()) {
            var info = threads.getThreadInfo(id);
            assertFalse(info != null && info.getThreadName().equals("mcp-quiet-err"), "its reader has ended");
        }
    }

    @Test
    @Fault(33)
    void aServerThatDoesNotReadIsReplacedAndHoldsNobodyUp() {
        rig.healthy("well");
        Map<String, String> checked = Map.of(
                "health", "{\"interval\":\"50ms\",\"recovery_interval\":\"50ms\",\"timeout\":\"300ms\"}",
                "request_timeout", "\"500ms\"");
        rig.nasty("deaf", checked, "no-read");
        rig.nasty("slow", checked, "slow-read");
        rig.running("deaf");
        rig.running("slow");
        String megabyte = "{\"x\":\"" + "y".repeat((int) MEGABYTE) + "\"}";

        List<CompletableFuture<String>> calls = new java.util.ArrayList<>();
        for (int i = 0; i < 20; i++) {
            calls.add(rig.call("deaf", megabyte));
            calls.add(rig.call("slow", megabyte));
        }
        long began = System.nanoTime();
        assertTrue(rig.answer("well", "{\"n\":1}").contains("\"n\":1"));
        assertTrue(Duration.ofNanos(System.nanoTime() - began).compareTo(Duration.ofSeconds(2)) < 0);

        calls.forEach(
                call -> assertTrue(call.orTimeout(20, TimeUnit.SECONDS).join().contains("error")));
        rig.until("deaf", "be replaced", server -> server.generation() >= 2);
        rig.until("slow", "be replaced", server -> server.generation() >= 2);
    }

    private LongAdder countLines() {
        LongAdder lines = new LongAdder();
        rig.events.subscribe(event -> {
            if (event instanceof Event.Output) {
                lines.increment();
            }
        });
        return lines;
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}

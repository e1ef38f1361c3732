package org.mcpservermanager.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.faults.Fault;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.server.ServerId;

@Timeout(30)
class ServerLogsTest {
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00.5Z");
    private static final ServerId SERVER = new ServerId("db");

    @TempDir
    Path state;

    private final Events events = new Events();
    private final List<Event> alerts = Collections.synchronizedList(new ArrayList<>());
    private final ExecutorService writer = Executors.newSingleThreadExecutor();
    private ServerLogs logs;

    private void open(LogLimits limits) {
        events.subscribe(event -> {
            if (event instanceof Event.Alert) {
                alerts.add(event);
            }
        });
        logs = ServerLogs.open(state.resolve("logs"), limits, events, Clock.fixed(NOON, ZoneOffset.UTC), writer);
    }

    @AfterEach
    void close() {
        logs.close();
    }

    private void print(boolean error, String line) {
        events.publish(new Event.Output(SERVER, 3, error, 1, line, NOON));
    }

    /** The writer's one thread has done everything that was asked before. */
    private void written() throws Exception {
        writer.submit(() -> {}).get();
    }

    private Path file() {
        return state.resolve("logs/db.log");
    }

    @Test
    void oneRecordIsOneLine() throws Exception {
        open(LogLimits.DEFAULT);
        print(true, "plain");
        print(false, "a\nb\r\u2028c\u001b[31;1mred\u001b[0m\u001b]0;title\u0007\td\u0000é");
        written();
        assertEquals(
                List.of(
                        "2026-01-02T12:00:00.500Z stderr #3 plain",
                        "2026-01-02T12:00:00.500Z stdout #3 a?b??cred?]0;title? d?é"),
                Files.readAllLines(file()));
    }

    @Test
    void putsFullFilesAsideAndKeepsFive() throws Exception {
        open(new LogLimits(200, 5));
        for (int i = 0; i < 100; i++) {
            print(true, "line " + i);
            written();
        }
        List<String> all = new ArrayList<>();
        for (String name : List.of("db.log.4", "db.log.3", "db.log.2", "db.log.1", "db.log")) {
            Path file = state.resolve("logs").resolve(name);
            assertTrue(Files.size(file) <= 200, name);
            all.addAll(Files.readAllLines(file));
        }
        List<String> expected = IntStream.range(100 - all.size(), 100)
                .mapToObj(i -> "2026-01-02T12:00:00.500Z stderr #3 line " + i)
                .toList();
        assertEquals(expected, all);
        try (Stream<Path> files = Files.list(state.resolve("logs"))) {
            assertEquals(5, files.count());
        }
    }

    @Test
    void manyLinesAtOnceFillFileAfterFile() throws Exception {
        open(new LogLimits(200, 3));
        CountDownLatch gate = hold();
        IntStream.range(0, 50).forEach(i -> print(true, "line " + i));
        gate.countDown();
        written();
        assertTrue(Files.size(file()) <= 200);
        assertTrue(Files.readString(file()).endsWith("line 49\n"));
        assertTrue(Files.exists(state.resolve("logs/db.log.2")));
    }

    @Test
    void aLongLineThatWasCutKeepsItsMark() throws Exception {
        open(LogLimits.DEFAULT);
        String cut = "x".repeat(64 << 10) + "… (70000 bytes)";
        print(true, cut);
        written();
        assertEquals(List.of("2026-01-02T12:00:00.500Z stderr #3 " + cut), Files.readAllLines(file()));
    }

    @Test
    void aLineLongerThanAFileIsStillWritten() throws Exception {
        open(new LogLimits(10, 1));
        print(true, "x".repeat(100));
        print(true, "y".repeat(100));
        written();
        assertTrue(Files.readString(file()).endsWith("y\n"));
    }

    @Test
    @Fault(42)
    void survivesDeletionAndTruncation() throws Exception {
        open(LogLimits.DEFAULT);
        print(true, "one");
        written();
        Files.delete(file());
        Files.delete(file().getParent());
        print(true, "two");
        written();
        assertEquals(1, Files.readAllLines(file()).size());

        Files.write(file(), new byte[0]);
        print(true, "three");
        written();
        assertEquals(List.of("2026-01-02T12:00:00.500Z stderr #3 three"), Files.readAllLines(file()));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    @Fault(41)
    void aFullDiskCostsLinesAndOneAlert() throws Exception {
        open(LogLimits.DEFAULT);
        Files.createDirectories(file().getParent());
        Files.createSymbolicLink(file(), Path.of("/dev/full"));
        for (int i = 0; i < 7; i++) {
            print(true, "lost");
            written();
        }
        assertEquals(List.of("alert:raised"), alerts.stream().map(Event::type).toList());

        Files.delete(file());
        print(true, "kept");
        written();
        assertEquals(
                List.of(
                        "2026-01-02T12:00:00.500Z manager 7 lines are missing here",
                        "2026-01-02T12:00:00.500Z stderr #3 kept"),
                Files.readAllLines(file()));
        assertEquals(
                List.of("alert:raised", "alert:over"),
                alerts.stream().map(Event::type).toList());
    }

    @Test
    @Fault({41, 50})
    void aSlowDiskNeverHoldsThePublisherAndSaysWhatIsMissing() throws Exception {
        open(new LogLimits(100 << 20, 1));
        CountDownLatch gate = hold();
        int count = ServerLogs.QUEUE_LINES_MAX + 500;
        IntStream.range(0, count).forEach(i -> print(true, "line"));
        gate.countDown();
        written();
        print(true, "last");
        written();

        List<String> lines = Files.readAllLines(file());
        assertEquals(ServerLogs.QUEUE_LINES_MAX + 2, lines.size());
        assertEquals(
                "2026-01-02T12:00:00.500Z manager 500 lines are missing here", lines.get(ServerLogs.QUEUE_LINES_MAX));
        assertEquals("2026-01-02T12:00:00.500Z stderr #3 last", lines.get(ServerLogs.QUEUE_LINES_MAX + 1));
    }

    @Test
    void boundsTheMemoryOfLongLines() throws Exception {
        open(LogLimits.DEFAULT);
        CountDownLatch gate = hold();
        String line = "x".repeat(1 << 20);
        IntStream.range(0, 20).forEach(i -> print(true, line));
        gate.countDown();
        written();
        print(true, "last");
        written();
        assertTrue(Files.readString(file()).contains("manager 12 lines are missing here"));
    }

    @Test
    void aGapStandsBetweenTheLinesThatFitted() throws Exception {
        open(LogLimits.DEFAULT);
        CountDownLatch gate = hold();
        String half = "x".repeat((int) ServerLogs.QUEUE_CHARS_MAX / 2);
        print(true, half);
        print(true, half.substring(100));
        print(true, half);
        print(true, half);
        print(true, "short");
        print(true, half);
        gate.countDown();
        written();

        List<String> lines = Files.readAllLines(file());
        assertEquals(
                List.of(
                        "2026-01-02T12:00:00.500Z manager 2 lines are missing here",
                        "2026-01-02T12:00:00.500Z stderr #3 short",
                        "2026-01-02T12:00:00.500Z manager 1 lines are missing here"),
                lines.subList(2, lines.size()));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void countsWhatDidNotFitAndWhatTheDiskDidNotTake() throws Exception {
        open(new LogLimits(100 << 20, 1));
        Files.createDirectories(file().getParent());
        Files.createSymbolicLink(file(), Path.of("/dev/full"));
        CountDownLatch gate = hold();
        IntStream.range(0, ServerLogs.QUEUE_LINES_MAX + 5).forEach(i -> print(true, "lost"));
        gate.countDown();
        written();

        Files.delete(file());
        print(true, "kept");
        written();
        assertEquals(
                List.of(
                        "2026-01-02T12:00:00.500Z manager 10005 lines are missing here",
                        "2026-01-02T12:00:00.500Z stderr #3 kept"),
                Files.readAllLines(file()));
    }

    @Test
    void writesTheLastWordsWhenItCloses() throws IOException {
        open(LogLimits.DEFAULT);
        IntStream.range(0, 100).forEach(i -> print(true, "bye " + i));
        logs.close();
        assertEquals(100, Files.readAllLines(file()).size());
        print(true, "late");
        assertFalse(Files.exists(state.resolve("logs/db.log.1")));
    }

    /** The disk takes nothing until the latch opens. */
    private CountDownLatch hold() {
        CountDownLatch gate = new CountDownLatch(1);
        writer.execute(() -> {
            try {
                gate.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        return gate;
    }
}

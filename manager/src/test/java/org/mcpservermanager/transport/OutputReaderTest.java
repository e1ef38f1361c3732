package org.mcpservermanager.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.server.ServerId;

class OutputReaderTest {
    private static final ServerId SERVER = new ServerId("output-test");
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private void read(String bytes, LineSink sink) throws Exception {
        OutputReader.start(SERVER, new ByteArrayInputStream(bytes.getBytes(ISO_8859_1)), sink)
                .get(10, TimeUnit.SECONDS);
    }

    @Test
    void passesLinesOnIncludingTheLastWords() throws Exception {
        read("one\r\n\ntwo \377\nlast words", (sequence, line) -> lines.add(sequence + " " + line));
        assertEquals(List.of("1 one", "2 ", "3 two \uFFFD", "4 last words"), lines);
    }

    @Test
    void cutsLongLines() throws Exception {
        read("x".repeat(100_000) + "\nnext\n", (sequence, line) -> lines.add(line));
        assertEquals("next", lines.get(1));
        assertEquals("x".repeat(64 << 10) + "… (100000 bytes)", lines.get(0));
    }

    @Test
    void keepsALineOf64KiBWhole() throws Exception {
        String line = "y".repeat(64 << 10);
        read(line + "\n" + line, (sequence, text) -> lines.add(text));
        assertEquals(List.of(line, line), lines);
    }

    @Test
    void theLastWordsMayBeALongLineWithoutEnd() throws Exception {
        read("one\n" + "x".repeat(70_000), (sequence, line) -> lines.add(line));
        assertEquals(List.of("one", "x".repeat(64 << 10) + "… (70000 bytes)"), lines);
    }

    @Test
    void countsWhatComesTooFastAsAGap() throws Exception {
        long[] last = {0};
        read("line\n".repeat(100_000), (sequence, line) -> {
            assertTrue(sequence > last[0]);
            last[0] = sequence;
            lines.add(line);
        });
        assertTrue(lines.size() >= OutputReader.LINES_PER_SECOND && lines.size() < 50_000, "lines: " + lines.size());
    }

    @Test
    void fewLinesThatAreLongAreAFloodToo() throws Exception {
        String line = "x".repeat(50_000) + "\n";
        long millis = millisToRead(line.repeat(60));
        assertTrue(
                millis >= 1000,
                "3 MB took " + millis + " ms (expected: some 2000, all but the first at 1 MB per second)");
        long passed = lines.stream().mapToLong(String::length).sum();
        assertTrue(passed <= 1_000_000 * (2 + millis / 1000), passed + " bytes in " + millis + " ms");
        assertTrue(lines.size() < 60, lines.size() + " lines");
    }

    @Test
    void theLastLineBeforeTheEndIsNeverLeftOut() throws Exception {
        read("line\n".repeat(800) + "FATAL: the reason\n", (sequence, line) -> lines.add(sequence + " " + line));
        assertEquals("801 FATAL: the reason", lines.get(lines.size() - 1));
        assertTrue(lines.size() < 801, "lines: " + lines.size());
    }

    @Test
    void theLastLineOfAFloodThatFallsSilentComesWhenLinesMayAgain() throws Exception {
        try (PipedOutputStream out = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(out, 1 << 20)) {
            OutputReader.start(SERVER, in, (sequence, line) -> lines.add(sequence + " " + line));
            out.write(("line\n".repeat(800) + "the last one\n").getBytes(ISO_8859_1));
            out.flush();
            long deadline = System.nanoTime() + 10_000_000_000L;
            while (!lines.contains("801 the last one") && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertTrue(lines.contains("801 the last one"), () -> lines.size() + " lines");
            assertTrue(lines.size() < 801, () -> lines.size() + " lines");
        }
    }

    private long millisToRead(String bytes) throws Exception {
        long begun = System.nanoTime();
        read(bytes, (sequence, line) -> lines.add(line));
        return (System.nanoTime() - begun) / 1_000_000;
    }

    @Test
    void letsAFloodWaitInItsPipe() throws Exception {
        long millis = millisToRead("line\n".repeat(100_000));
        assertTrue(millis >= 250, "500 kB took " + millis + " ms (expected: some 500, at 1 MB per second)");
    }

    @Test
    void goesOnWhenTheSinkFails() throws Exception {
        read("a\nb\n", (sequence, line) -> {
            lines.add(line);
            throw new IllegalStateException("a sink that fails");
        });
        assertEquals(List.of("a", "b"), lines);
    }

    @Test
    void letsALineWithoutEndWaitInItsPipe() throws Exception {
        long millis = millisToRead("x".repeat(20_000_000));
        assertTrue(millis >= 300, "20 MB took " + millis + " ms (expected: some 600, at 32 MB per second)");
    }
}

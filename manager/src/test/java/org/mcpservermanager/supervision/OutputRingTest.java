package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.ServerId;

class OutputRingTest {
    private final OutputRing ring = new OutputRing();

    private void add(String line) {
        ring.add(sequence -> new Event.Output(new ServerId("a"), 1, true, sequence, line, Instant.EPOCH));
    }

    private List<Event.Output> all() {
        return ring.last(Integer.MAX_VALUE);
    }

    @Test
    void keepsTheNewestThousandLines() {
        IntStream.rangeClosed(1, 1500).forEach(i -> add("line " + i));
        assertEquals(OutputRing.LINES_MAX, all().size());
        assertEquals("line 501", all().get(0).line());
    }

    @Test
    void longLinesDoNotAddUp() {
        String line = "x".repeat(OutputRing.LENGTH_MAX / 10);
        IntStream.range(0, 50).forEach(i -> add(line));
        assertEquals(10, all().size());
        assertEquals(50, all().get(9).sequence());
        IntStream.range(0, 2000).forEach(i -> add("short"));
        assertEquals(OutputRing.LINES_MAX, all().size());
    }

    @Test
    void keepsTheNewestLineHoweverLongItIs() {
        add("short");
        add("x".repeat(2 * OutputRing.LENGTH_MAX));
        assertEquals(1, all().size());
        assertTrue(ring.lastError(1).isPresent());
        add("next");
        assertEquals(List.of("next"), all().stream().map(Event.Output::line).toList());
    }
}

package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EarlyLinesTest {
    private final EarlyLines lines = new EarlyLines();
    private final List<String> told = new ArrayList<>();

    private void tell(boolean error, String text) {
        told.add(error + " " + text);
        if (text.equals("a")) {
            assertTrue(lines.keep(false, "meanwhile"), "it would be told before those that are older");
        }
    }

    @Test
    void allAreToldInOrderAndLaterOnesAreNotKept() {
        lines.keep(true, "a");
        lines.keep(true, "b");
        lines.release(this::tell);
        assertEquals(List.of("true a", "true b", "false meanwhile"), told);
        assertFalse(lines.keep(true, "c"));
    }

    @Test
    void onlyTheLastAreKept() {
        for (int i = 0; i <= EarlyLines.LINES_MAX; i++) {
            lines.keep(true, Integer.toString(i));
        }
        lines.release(this::tell);
        assertEquals(EarlyLines.LINES_MAX, told.size());
        assertEquals("true 1", told.get(0));
    }

    @Test
    void longOnesPushOutTheOthers() {
        lines.keep(true, "b");
        lines.keep(true, "x".repeat(EarlyLines.LENGTH_MAX));
        lines.release(this::tell);
        assertEquals(1, told.size());
    }

    @Test
    void theNewestIsKeptHoweverLongItIs() {
        lines.keep(true, "b");
        lines.keep(true, "x".repeat(EarlyLines.LENGTH_MAX + 100));
        lines.release(this::tell);
        assertEquals(1, told.size());
    }
}

package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class WindowTest {
    private final Window window = new Window(60_000);

    private long grown(long seconds, long ended) {
        return window.grown(seconds * 1000, new Window.Totals(ended, 0, 0, 0)).ended();
    }

    @Test
    void countsFromTheFirstLookOn() {
        assertEquals(0, grown(0, 500));
        assertEquals(7, grown(10, 507));
        assertEquals(0, new Window(1).grown(0, new Window.Totals(3, 2, 1, 4)).restarts());
    }

    @Test
    void forgetsWhatIsOlderThanItsSpan() {
        grown(0, 0);
        grown(10, 5);
        grown(20, 6);
        assertEquals(6, grown(59, 6));
        assertEquals(1, grown(70, 6), "what came until second 10 is over a minute old");
        assertEquals(0, grown(80, 6));
        assertEquals(0, grown(9999, 6));
        assertEquals(2, grown(10_010, 8), "came since the look before");
    }

    @Test
    void staysBounded() {
        for (int i = 0; i < 5 * Window.ENTRIES_MAX; i++) {
            window.grown(i, new Window.Totals(i, 0, 0, 0));
        }

        long last = 5L * Window.ENTRIES_MAX;
        assertEquals(
                Window.ENTRIES_MAX - 1,
                window.grown(last, new Window.Totals(last, 0, 0, 0)).ended());
    }
}

package org.mcpservermanager.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcpservermanager.server.Limits.Action;
import org.mcpservermanager.server.Limits.Limit;

class LimitsTest {
    private static Limits limits(long memory, long cpu, boolean hard) {
        return new Limits(
                new Limit(memory, Action.RESTART), new Limit(cpu, Action.RESTART), Limit.NONE, Limit.NONE, hard);
    }

    @ParameterizedTest
    @CsvSource({
        "100, 1, false, true",
        "200, 1, false, true",
        "100, 1, true, false",
    })
    void aRunningProcessDoesAsLongAsTheSystemNeedNotHoldItToMore(long memory, long cpu, boolean hard, boolean does) {
        assertEquals(does, limits(100, 1, false).holdsAs(limits(memory, cpu, hard)));
    }

    @Test
    void aProcessHeldToOtherNumbersDoesNot() {
        assertEquals(false, limits(100, 1, true).holdsAs(limits(200, 1, true)));
        assertEquals(true, limits(100, 1, true).holdsAs(limits(100, 2, true)));
    }

    @Test
    void knowsNoNegativeLimit() {
        assertThrows(IllegalArgumentException.class, () -> new Limit(-1, Action.ALERT));
        assertEquals(Limit.NONE, new Limit(0, Action.RESTART));
    }
}

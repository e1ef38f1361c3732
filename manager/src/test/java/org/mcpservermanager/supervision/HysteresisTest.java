package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HysteresisTest {
    /** Threshold 100; one letter for each value: o = over, u = under. */
    @ParameterizedTest
    @CsvSource({
        "3, 101 101, u u",
        "3, 101 101 101, u u o",
        "3, 101 101 100 101 101, u u u u u",
        "3, 101 101 100 101 101 101, u u u u u o",
        "1, 101, o",
        "1, 100, u",
        "1, 101 95 95 95 95, o o o o o",
        "1, 101 89 89, o o u",
        "1, 101 89 90 89, o o o o",
        "1, 101 89 90 89 89, o o o o u",
        "1, 101 0 0 101, o o u o",
        "3, 101 101 101 0 0 101 101 101, u u o o u u u o"
    })
    void turnsAfterSomeValuesInARow(int overAfter, String values, String sides) {
        Hysteresis state = Hysteresis.UNDER;
        StringBuilder seen = new StringBuilder();
        for (String value : values.split(" ")) {
            state = state.next(Double.parseDouble(value), 100, overAfter);
            seen.append(state.over() ? "o " : "u ");
        }

        assertEquals(sides, seen.toString().strip());
    }

    @ParameterizedTest
    @CsvSource({"true, 0", "true, 1", "false, 2"})
    void nothingIsOverWhereThereIsNoThreshold(boolean over, int run) {
        assertEquals(Hysteresis.UNDER, new Hysteresis(over, run).next(1e18, 0, 1));
    }
}

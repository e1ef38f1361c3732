package org.mcpservermanager.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({"30s,PT30S", "500ms,PT0.5S", "1.5 s,PT1.5S", "2m,PT2M", "1h,PT1H", "0.5ms,PT0.0005S"})
    void readsTextWithItsUnit(String text, Duration duration) {
        assertEquals(Optional.of(duration), Durations.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"30", "s", "-1s", "1d", "1e3s", "''", "1s 2s", "9999999999s"})
    void refusesTextWithoutAUnitThatItKnows(String text) {
        assertEquals(Optional.empty(), Durations.parse(text));
    }

    @Test
    void refusesNumbersThatDoNotFitAtOnce() {
        assertEquals(Optional.empty(), Durations.of(new BigDecimal("1e999999999"), true));
        assertEquals(Optional.empty(), Durations.of(new BigDecimal("9.3e18"), false));
        assertEquals(Optional.empty(), Durations.of(new BigDecimal("-1"), false));
    }

    @ParameterizedTest
    @CsvSource({"PT30S,30", "PT0.5S,0.5", "PT10M,600", "PT0.000000001S,1E-9"})
    void writesSecondsThatComeBack(Duration duration, BigDecimal seconds) {
        assertEquals(seconds, Durations.seconds(duration));
        assertEquals(Optional.of(duration), Durations.of(seconds, false));
    }
}

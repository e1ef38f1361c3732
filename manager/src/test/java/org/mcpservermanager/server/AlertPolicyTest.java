package org.mcpservermanager.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcpservermanager.server.Limits.Action;
import org.mcpservermanager.server.Limits.Limit;

class AlertPolicyTest {
    @ParameterizedTest
    @CsvSource({
        "MEMORY, 1000, ALERT, false, 0, 1000",
        "MEMORY, 1000, RESTART, false, 0, 800",
        "MEMORY, 1000, ALERT, true, 0, 800",
        "MEMORY, 1000, RESTART, false, 300, 300",
        "MEMORY, 0, ALERT, true, 0, 0",
        "CPU, 100, ALERT, true, 0, 100",
        "CPU, 100, RESTART, false, 0, 80",
        "PROCESSES, 10, RESTART, false, 0, 8",
        "OPEN_FILES, 10, ALERT, true, 0, 8",
        "ERROR_RATE, 10, RESTART, true, 0, 50",
        "LATENCY, 10, RESTART, true, 0, 1500",
        "RESTARTS, 10, RESTART, true, 0, 3"
    })
    void takesItsThresholdsFromTheLimitsUnlessTheyAreGiven(
            Rule rule, long max, Action action, boolean hard, long memory, double threshold) {
        Limit limit = new Limit(max, action);
        AlertPolicy policy = new AlertPolicy(memory, 0, 50, Duration.ofMillis(1500), 3);

        assertEquals(threshold, policy.threshold(rule, new Limits(limit, limit, limit, limit, hard)));
    }
}

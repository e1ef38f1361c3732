package org.mcpservermanager.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.server.AlertPolicy;
import org.mcpservermanager.server.Limits;
import org.mcpservermanager.server.Limits.Action;
import org.mcpservermanager.server.Limits.Limit;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerSpec;

class LimitsReaderTest {
    private static ServerSpec spec(String members) {
        return ConfigReaderTest.only("[{\"id\":\"a\",\"command\":\"c\"," + members + "}]");
    }

    private static Limits limits(String members) {
        return spec("\"limits\":{" + members + "}").limits();
    }

    @Test
    void anObjectWithoutLimitsHasTheDefaults() {
        assertEquals(Limits.DEFAULT, limits(""));
    }

    @Test
    void enforcesALimitThatWasWritten() {
        assertEquals(
                new Limit(300_000_000, Action.RESTART),
                limits("\"memory_mb\":300").memory());
        assertEquals(
                new Limit(200, Action.RESTART), limits("\"cpu_percent\":200").cpu());
        assertEquals(new Limit(40, Action.RESTART), limits("\"processes\":40").processes());
        assertEquals(new Limit(99, Action.RESTART), limits("\"open_files\":99").openFiles());
        assertTrue(limits("\"hard\":true").hard());
    }

    @Test
    void doesWhatTheActionSays() {
        Limits limits = limits("\"action\":\"alert\",\"memory_mb\":1,\"cpu_percent\":2,\"cpu_action\":\"restart\"");

        assertEquals(new Limit(1_000_000, Action.ALERT), limits.memory());
        assertEquals(new Limit(2, Action.RESTART), limits.cpu());
        assertEquals(Action.ALERT, limits.processes().action());
        assertEquals(
                new Limit(Limits.MEMORY_DEFAULT, Action.RESTART),
                limits("\"action\":\"Restart\"").memory());
    }

    @Test
    void zeroIsNoLimit() {
        assertEquals(Limit.NONE, limits("\"memory_mb\":0").memory());
        assertEquals(
                Limit.NONE, limits("\"processes\":0,\"action\":\"restart\"").processes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"memory_limit\":\"256MB\"",
                "\"memory_limit_mb\":256",
                "\"max_memory_restart\":\"256MB\"",
                "\"limits\":{\"memory\":\"256MB\"}",
                "\"limits\":{\"memoryMb\":256}",
                "\"resource_limits\":{\"memory_limit\":256}",
                "\"memory_limit\":1,\"limits\":{\"memory_mb\":256}"
            })
    void knowsTheNamesThatOthersUse(String members) {
        assertEquals(
                new Limit(256_000_000, Action.RESTART), spec(members).limits().memory());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"limits\":5",
                "\"limits\":{\"memory_mb\":-1}",
                "\"limits\":{\"memory_mb\":\"much\"}",
                "\"limits\":{\"processes\":1.5}",
                "\"limits\":{\"action\":\"kill\"}",
                "\"alerts\":[]",
                "\"alerts\":{\"error_rate\":101}"
            })
    void refusesWhatItCannotRead(String members) {
        assertThrows(AssertionError.class, () -> spec(members));
    }

    @Test
    void namesTheMemberThatIsWrongAsItWasWritten() {
        ProblemException refused = assertThrows(
                ProblemException.class,
                () -> SpecJson.read("{\"id\":\"a\",\"command\":\"/c\",\"limits\":{\"memory_mb\":\"lots\"}}"));

        assertTrue(refused.getMessage().contains("limits.memory_mb"), refused::getMessage);
        assertTrue(refused.getMessage().contains("500MB"), refused::getMessage);
    }

    @Test
    void readsWhenPeopleAreTold() {
        assertEquals(
                new AlertPolicy(400_000_000, 90, 10, Duration.ofMillis(1500), 2),
                spec("\"alerts\":{\"memory_mb\":400,\"cpu_percent\":90,\"error_rate\":10,\"latency_ms\":1500,\"restarts\":2}")
                        .alerts());
        assertEquals(
                Duration.ofSeconds(2),
                spec("\"alerts\":{\"latency\":\"2s\"}").alerts().latency());
        assertEquals(AlertPolicy.DEFAULT, spec("\"alerts\":{}").alerts());
    }
}

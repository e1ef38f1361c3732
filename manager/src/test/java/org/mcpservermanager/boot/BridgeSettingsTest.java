package org.mcpservermanager.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.gateway.modern.BridgeSettings;
import org.mcpservermanager.server.ProblemException;

/** The settings of what stateless clients need in front of older servers. */
class BridgeSettingsTest {
    private static BridgeSettings bridge(Map<String, String> values) {
        Config config = (Config) Proxy.newProxyInstance(
                BridgeSettingsTest.class.getClassLoader(), new Class<?>[] {Config.class}, (proxy, method, args) -> {
                    if (!method.getName().equals("getOptionalValue")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    return Optional.ofNullable(values.get(args[0]));
                });
        return Settings.from(config).gateway().bridge();
    }

    @Test
    void callsWaitFiveMinutesAndServersNameKeysByTheProductsName() {
        BridgeSettings bridge = bridge(Map.of());

        assertEquals(Duration.ofMinutes(5), bridge.patience());
        assertEquals("org.mcpservermanager/inputKey", bridge.inputKeyHint());
    }

    @Test
    void bothCanBeSet() {
        BridgeSettings bridge =
                bridge(Map.of("mcp.manager.answer-seconds", "20", "mcp.manager.input-key-hint", " x/key "));

        assertEquals(Duration.ofSeconds(20), bridge.patience());
        assertEquals("x/key", bridge.inputKeyHint());
    }

    @ParameterizedTest
    @ValueSource(strings = {"9", "86401", "soon", ""})
    void aTimeOutOfRangeIsRefused(String seconds) {
        Map<String, String> values = Map.of("mcp.manager.answer-seconds", seconds);

        ProblemException refused = assertThrows(ProblemException.class, () -> bridge(values));

        assertTrue(
                refused.problem()
                        .message()
                        .contains("answer-seconds: \"" + seconds + "\" (expected: a whole number from 10 to 86400)"),
                refused.problem().message());
    }
}

package org.mcpservermanager.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcpservermanager.server.HealthPolicy;

class HealthReaderTest {
    private static final HealthPolicy READ = new HealthPolicy(
            false,
            Duration.ofSeconds(5),
            Duration.ofSeconds(4),
            Duration.ofMillis(1500),
            7,
            1,
            Duration.ofMillis(250),
            new HealthPolicy.Request("tools/list", "{\"cursor\":\"a\"}"),
            HealthPolicy.Way.MCP);

    private static String entry(String members) {
        return "[{\"id\":\"a\",\"command\":\"c\"," + members + "}]";
    }

    private static HealthPolicy policy(String members) {
        return ConfigReaderTest.only(entry(members)).health();
    }

    @Test
    void readsTheKeysOfOlderManagers() {
        assertEquals(
                READ,
                policy(
                        "\"health_check_enabled\":false,\"health_check_interval\":5,\"recovery_check_interval\":4,"
                                + "\"health_check_timeout\":1.5,\"failure_threshold\":7,\"recovery_threshold\":1,"
                                + "\"degraded_latency\":\"250ms\","
                                + "\"init_message\":{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"tools/list\",\"params\":{\"cursor\":\"a\"}}"));
    }

    @Test
    void readsMillisecondsInCamelCase() {
        HealthPolicy policy =
                policy("\"healthCheckInterval\":5000,\"healthCheckTimeout\":1500,\"degradedLatency\":250");
        assertEquals(Duration.ofSeconds(5), policy.interval());
        assertEquals(Duration.ofMillis(1500), policy.timeout());
        assertEquals(Duration.ofMillis(250), policy.degradedLatency());
    }

    @ParameterizedTest
    @CsvSource({"health", "healthCheck", "health_check", "healthcheck"})
    void readsAnObjectWithShortNames(String key) {
        assertEquals(
                READ,
                policy(
                        "\"" + key + "\":{\"enabled\":false,\"interval\":5,\"recovery_interval\":4,\"timeout\":1.5,"
                                + "\"retries\":7,\"recovery_threshold\":1,\"degraded_latency\":0.25,"
                                + "\"init_message\":\"{\\\"method\\\":\\\"tools/list\\\",\\\"params\\\":{\\\"cursor\\\":\\\"a\\\"}}\"}"));
    }

    private static HealthPolicy.Way way(String members) {
        return ConfigReaderTest.only("[{\"id\":\"a\"," + members + "}]")
                .health()
                .way();
    }

    @Test
    void readsAnotherWayOfAsking() {
        String http = "\"url\":\"https://h/mcp\",";
        HealthPolicy.Way live = new HealthPolicy.Way(HealthPolicy.Kind.HTTP, "/live?a=b");
        assertEquals(live, way(http + "\"health\":{\"kind\":\"http\",\"path\":\"/live?a=b\"}"));
        assertEquals(live, way(http + "\"health_check_path\":\"/live?a=b\""));
        assertEquals(HealthPolicy.Way.NETWORK, way(http + "\"healthCheckKind\":\"NETWORK\""));
        assertEquals(HealthPolicy.Way.MCP, way(http + "\"health\":{\"kind\":\"mcp\"}"));
        assertEquals(HealthPolicy.Way.MCP, way(http + "\"health\":true"));
        HealthPolicy.Way disk = HealthPolicy.Way.custom("disk");
        assertEquals(disk, way(http + "\"health\":{\"kind\":\"custom\",\"bean\":\"disk\"}"));
        assertEquals(disk, way("\"command\":\"c\",\"healthCheckBean\":\"disk\""));
        assertEquals(disk, way("\"bean\":\"b\",\"health\":{\"bean\":\"disk\"}"));
        assertEquals(HealthPolicy.Way.custom(""), way("\"bean\":\"b\""));
        assertEquals(HealthPolicy.Way.MCP, way("\"bean\":\"b\",\"health\":{\"kind\":\"mcp\"}"));
        assertEquals(
                HealthPolicy.Way.NETWORK,
                way("\"type\":\"tcp\",\"host\":\"h\",\"port\":1,\"health\":{\"kind\":\"network\"}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"command\":\"c\",\"health\":{\"kind\":\"network\"}|the kind network for a server that is reached by stdio",
                "\"command\":\"c\",\"health\":{\"path\":\"/x\"}|the kind http for a server that is reached by stdio",
                "\"url\":\"http://h/\",\"health\":{\"kind\":\"http\"}|health.path: \"\" (expected: a path such as /health",
                "\"url\":\"http://h/\",\"health\":{\"path\":\"//evil/x\"}|health.path: \"//evil/x\"",
                "\"url\":\"http://h/\",\"health\":{\"path\":\"http://evil/\"}|health.path: \"http://evil/\"",
                "\"url\":\"http://h/\",\"health\":{\"kind\":\"network\",\"path\":\"/x\"}|health.path: \"/x\"",
                "\"url\":\"http://h/\",\"health\":{\"kind\":\"htp\"}|\"htp\" (expected: one of mcp, network, http, custom)",
                "\"type\":\"tcp\",\"host\":\"h\",\"port\":1,\"health\":{\"path\":\"/x\"}|reached by tcp (expected: mcp or network)",
                "\"command\":\"c\",\"health\":{\"kind\":\"custom\"}|the kind custom without bean, for a server that is reached by stdio",
                "\"command\":\"c\",\"health\":{\"kind\":\"mcp\",\"bean\":\"b\"}|health.bean: \"b\" (expected: only with the kind custom)",
                "\"bean\":\"b\",\"health\":{\"kind\":\"network\"}|the kind network for a server that is reached by custom"
            })
    void refusesAWayThatDoesNotFitTheServer(String members, String expected) {
        Loaded loaded = ConfigReaderTest.read("[{\"id\":\"a\"," + members + "}]");

        assertEquals(1, loaded.problems().size(), loaded.problems()::toString);
        String message = loaded.problems().get(0).problem().message();
        assertTrue(message.contains(expected), message);
    }

    @Test
    void theObjectGoesFirst() {
        HealthPolicy policy =
                policy("\"failure_threshold\":5,\"recovery_threshold\":4,\"health\":{\"failure_threshold\":6}");
        assertEquals(6, policy.failureThreshold());
        assertEquals(4, policy.recoveryThreshold());
    }

    @Test
    void falseSwitchesChecksOff() {
        assertEquals(false, policy("\"health\":false").enabled());
        assertEquals(HealthPolicy.DEFAULT, policy("\"health\":true"));
        assertEquals(HealthPolicy.DEFAULT, policy("\"health\":{}"));
        assertEquals(HealthPolicy.DEFAULT, policy("\"init_message\":{\"method\":\"ping\"}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"health\":{\"interval\":0}|[0].health.interval: 0 (expected: seconds",
                "\"health\":{\"retries\":0}|[0].health.retries: 0 (expected: an integer from 1 to 1000)",
                "\"health\":{\"timeout\":86401}|[0].health.timeout: 86401 (expected: seconds",
                "\"health\":\"on\"|[0].health: a value of type string (expected: true or false)",
                "\"health\":{\"enabled\":1}|[0].health.enabled: a value of type number",
                "\"failure_threshold\":1.5|[0].failure_threshold: 1.5",
                "\"init_message\":\"s3cret\"|[0].init_message: a value of type string (expected: a JSON-RPC request",
                "\"init_message\":{\"params\":{}}|[0].init_message: a value of type object",
                "\"init_message\":{\"method\":\"x\",\"params\":[1]}|[0].init_message: a value of type object",
                "\"init_message\":{\"method\":\"initialize\"}|init_message.method: \"initialize\" (expected: a request",
                "\"init_message\":{\"method\":\"notifications/x\"}|init_message.method: \"notifications/x\""
            })
    void refusesWhatDoesNotFit(String members, String expected) {
        Loaded loaded = ConfigReaderTest.read(entry(members));

        assertEquals(1, loaded.problems().size(), loaded.problems()::toString);
        String message = loaded.problems().get(0).problem().message();
        assertTrue(message.contains(expected), message);
        assertTrue(!message.contains("s3cret"), message);
    }

    @Test
    void warnsOfUnknownKeysInTheObject() {
        Loaded loaded = ConfigReaderTest.read(entry("\"health\":{\"intervall\":5}"));

        assertEquals(1, loaded.specs().size());
        assertEquals(
                "f.json: [0].health.intervall: unknown key, ignored",
                loaded.problems().get(0).problem().message());
    }
}

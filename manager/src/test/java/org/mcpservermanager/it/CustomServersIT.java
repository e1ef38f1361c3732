package org.mcpservermanager.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The example of a custom server, whose jar was put into the WAR. */
@OnServer
class CustomServersIT {
    private final Deque<String> defined = new ArrayDeque<>();
    private Api api;

    @BeforeEach
    void connect() {
        api = Api.of(ManagerUnderTest.get());
    }

    @AfterEach
    void end() {
        defined.forEach(api::remove);
    }

    private void define(String id, String members) {
        defined.add(id);
        Api.expect(201, api.post("/api/mcp/servers", "{\"id\":\"" + id + "\"," + members + "}"));
    }

    private static McpClient named(McpClient client) {
        return client.answering("elicitation/create", params -> Json.createObjectBuilder()
                .add("action", "accept")
                .add("content", Json.createObjectBuilder().add("name", "Ada"))
                .build());
    }

    private static String text(JsonObject result) {
        return result.getJsonArray("content").getJsonObject(0).getString("text");
    }

    private static List<Integer> progress(McpClient.Call call) {
        return call.heard.stream()
                .filter(heard -> heard.getString("method").equals("notifications/progress"))
                .map(heard -> heard.getJsonObject("params").getInt("progress"))
                .toList();
    }

    private static McpClient.Call count(McpClient client, String tool) {
        return client.begin("tools/call", "{\"name\":\"" + tool + "\",\"_meta\":{\"progressToken\":\"p\"}}");
    }

    @Test
    void aBeanServesItsToolsReportsProgressAndAsksTheClient() {
        define("cus-greet", "\"transport\":\"custom\",\"bean\":\"greeter\",\"env\":{\"GREETING\":\"Salve\"}");
        JsonObject running = api.awaitPhase("cus-greet", "running");
        assertEquals(0, running.getInt("pid"));
        assertEquals("2025-11-25", running.getString("protocolVersion"));
        try (McpClient client = named(api.client("cus-greet"))) {
            client.open();
            assertEquals("Salve, Ada!", text(client.tool("greet", "{}")));
            assertEquals(1, client.asked.size());
            McpClient.Call count = count(client, "count");
            assertEquals("one, two, three", text(count.response().getJsonObject("result")));
            assertEquals(List.of(1, 2, 3), progress(count));
        }
        try (McpClient client = named(api.aggregate())) {
            client.open();
            assertEquals("Salve, Ada!", text(client.tool("cus-greet__greet", "{}")));
            McpClient.Call count = count(client, "cus-greet__count");
            assertEquals("one, two, three", text(count.response().getJsonObject("result")));
            assertEquals(List.of(1, 2, 3), progress(count));
        }
        Api.expect(200, api.post("/api/mcp/servers/cus-greet/stop", ""));
        assertEquals("stopped", api.phase("cus-greet"));
    }

    @Test
    void aBeanThatIsNotThereIsFatalAndThoseThereAreAreListed() {
        define("cus-none", "\"bean\":\"greter\"");
        JsonObject fatal = api.awaitPhase("cus-none", "fatal");
        assertTrue(fatal.toString().contains("bean_not_found"), fatal.toString());
        assertTrue(fatal.toString().contains("expected: one of [greeter]"), fatal.toString());
    }

    @Test
    void itsOwnHealthIsAsked() {
        define("cus-ill", "\"bean\":\"greeter\",\"env\":{\"GREETING\":\" \"},\"health_check_interval\":\"100ms\"");
        JsonObject ill = api.await(
                "cus-ill", server -> server.toString().contains("there is no greeting"), "the issue of the bean");
        assertTrue(ill.getJsonObject("config")
                .getJsonObject("health")
                .getString("kind")
                .equals("custom"));
    }

    @Test
    void aBeanChecksAnyServer() {
        define("cus-checked", "\"bean\":\"greeter\",\"health\":{\"bean\":\"free-space\",\"interval\":\"100ms\"}");
        JsonObject checked = api.await("cus-checked", server -> server.getInt("healthChecks") > 1, "two checks");
        assertEquals("healthy", checked.getString("health"), checked.toString());
    }
}

package org.mcpservermanager.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.URI;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcpservermanager.fixture.ConformanceServer;

/** Clients of 2026-07-28 can do with a server of an older revision what its own clients can, alone and among all servers. */
@OnServer
class ModernClientsIT {
    private static final String ALL = "{\"elicitation\":{},\"sampling\":{},\"roots\":{}}";
    private static Api api;

    /** A place to reach the fixture at, and how its names read there. */
    private record Door(boolean aggregate) {
        StatelessClient client() {
            ManagerUnderTest manager = ManagerUnderTest.get();
            URI endpoint = manager.baseUri().resolve(aggregate ? "/mcp" : "/servers/modern-front/mcp");
            return new StatelessClient(endpoint, manager.adminKey(), "{}");
        }

        String name(String own) {
            return aggregate ? "modern-front__" + own : own;
        }

        JsonObject tool(String own, String more) {
            return McpClient.parse("{\"name\":\"" + name(own) + "\",\"arguments\":{}" + more + "}");
        }

        @Override
        public String toString() {
            return aggregate ? "/mcp" : "/servers/{id}/mcp";
        }
    }

    static Stream<Door> doors() {
        return Stream.of(new Door(false), new Door(true));
    }

    @BeforeAll
    static void addFixture() {
        api = Api.of(ManagerUnderTest.get());
        api.run("modern-front", ConformanceServer.command());
        Door all = new Door(true);
        Api.until(
                () -> all.client()
                        .call("tools/list", JsonValue.EMPTY_JSON_OBJECT)
                        .result()
                        .toString()
                        .contains(all.name("test_slow")),
                () -> "the tools of the fixture at /mcp");
    }

    @AfterAll
    static void removeFixture() {
        api.remove("modern-front");
    }

    private static String text(StatelessClient.Outcome outcome) {
        JsonObject result = outcome.result();
        assertEquals("complete", result.getString("resultType"), result.toString());
        return result.getJsonArray("content").getJsonObject(0).getString("text");
    }

    @ParameterizedTest
    @MethodSource("doors")
    void discoversListsCallsAndReads(Door door) {
        StatelessClient client = door.client();

        JsonObject discovered =
                client.call("server/discover", JsonValue.EMPTY_JSON_OBJECT).result();
        assertEquals(
                "[\"2026-07-28\"]", discovered.getJsonArray("supportedVersions").toString());
        assertTrue(discovered.getJsonObject("_meta").containsKey("io.modelcontextprotocol/serverInfo"));
        JsonObject tools =
                client.call("tools/list", JsonValue.EMPTY_JSON_OBJECT).result();
        assertTrue(tools.toString().contains("\"" + door.name("test_simple_text") + "\""));
        assertEquals("private", tools.getString("cacheScope"));
        assertEquals(
                "This is a simple text response for testing.",
                text(client.call("tools/call", door.tool("test_simple_text", ""))));
        assertTrue(client.call("resources/read", McpClient.parse("{\"uri\":\"test://static-text\"}"))
                .result()
                .containsKey("ttlMs"));
        StatelessClient.Outcome missing =
                client.call("resources/read", McpClient.parse("{\"uri\":\"test://no/such\"}"));
        assertEquals(-32602, missing.code());
        assertEquals(200, missing.status());
    }

    @ParameterizedTest
    @MethodSource("doors")
    void questionsAreAnsweredByCallingAgain(Door door) {
        StatelessClient client = door.client().capabilities(ALL);
        String tool = "test_input_required_result_multi_round";
        JsonObject first = client.call("tools/call", door.tool(tool, "")).result();
        JsonObject second = client.call("tools/call", door.tool(tool, answered(first, "{\"name\":\"Ada\"}")))
                .result();
        assertNotEquals(first.getString("requestState"), second.getString("requestState"));

        StatelessClient.Outcome third =
                client.call("tools/call", door.tool(tool, answered(second, "{\"color\":\"blue\"}")));

        assertEquals("Multi-round complete for Ada who likes blue", text(third));
        StatelessClient.Outcome replayed =
                client.call("tools/call", door.tool(tool, answered(second, "{\"color\":\"red\"}")));
        assertEquals(-32602, replayed.code());
    }

    /** The members of a retry that answers every question alike. */
    private static String answered(JsonObject asked, String content) {
        assertEquals("input_required", asked.getString("resultType"), asked.toString());
        var answers = Json.createObjectBuilder();
        JsonObject answer = McpClient.parse("{\"action\":\"accept\",\"content\":" + content + "}");
        asked.getJsonObject("inputRequests").keySet().forEach(key -> answers.add(key, answer));
        return ",\"requestState\":" + asked.getJsonString("requestState") + ",\"inputResponses\":" + answers.build();
    }

    @ParameterizedTest
    @MethodSource("doors")
    void progressStreamsBeforeTheResult(Door door) {
        StatelessClient.Outcome outcome = door.client()
                .call(
                        "tools/call",
                        door.tool("test_tool_with_progress", ""),
                        McpClient.parse("{\"progressToken\":\"mine\"}"));

        assertTrue(outcome.type().startsWith("text/event-stream"), outcome.type());
        List<Integer> reports = outcome.heard().stream()
                .map(each -> each.getJsonObject("params").getInt("progress"))
                .toList();
        assertEquals(List.of(0, 50, 100), reports);
        assertEquals("complete", outcome.result().getString("resultType"));
    }

    @ParameterizedTest
    @MethodSource("doors")
    void whatCannotBeAskedFailsTheCall(Door door) {
        // with two calls on their way nobody knows whose question it is, and the server may still be at the one before
        api.await("modern-front", server -> server.getInt("inFlight") == 0, "nothing under way");

        StatelessClient.Outcome outcome = door.client().call("tools/call", door.tool("test_missing_capability", ""));

        assertEquals(400, outcome.status());
        assertEquals(-32021, outcome.code());
        assertEquals(
                "{\"requiredCapabilities\":{\"sampling\":{}}}",
                outcome.response().getJsonObject("error").getJsonObject("data").toString());
    }

    @ParameterizedTest
    @MethodSource("doors")
    void changesAreToldToWhoListens(Door door) {
        StatelessClient client = door.client();
        boolean present =
                hasDynamicTool(new Door(false)); // the test for the other door may have changed it a moment ago
        Api.until(() -> hasDynamicTool(door) == present, () -> "the present list of tools at " + door);
        try (Stream<JsonObject> stream = client.listen(McpClient.parse("{\"toolsListChanged\":true}"))) {
            Iterator<JsonObject> heard = stream.iterator();
            JsonObject first = next(heard);
            assertEquals("notifications/subscriptions/acknowledged", first.getString("method"));

            text(client.call("tools/call", door.tool("test_trigger_tool_change", "")));

            JsonObject change = next(heard);
            assertEquals("notifications/tools/list_changed", change.getString("method"));
            assertEquals(
                    first.getJsonObject("params").getJsonObject("_meta"),
                    change.getJsonObject("params").getJsonObject("_meta"));
        }
    }

    private static boolean hasDynamicTool(Door door) {
        return door.client()
                .call("tools/list", JsonValue.EMPTY_JSON_OBJECT)
                .result()
                .toString()
                .contains(door.name("test_dynamic_tool"));
    }

    private static JsonObject next(Iterator<JsonObject> heard) {
        return CompletableFuture.supplyAsync(heard::next)
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void headersAndMethodsAreChecked() {
        Door door = new Door(false);
        JsonObject tool = door.tool("test_simple_text", "");
        StatelessClient client = door.client();

        StatelessClient.Outcome nameless =
                StatelessClient.send(client.request("tools/call", tool, JsonValue.EMPTY_JSON_OBJECT));
        StatelessClient.Outcome twice =
                StatelessClient.send(client.request("tools/call", tool, JsonValue.EMPTY_JSON_OBJECT)
                        .header("Mcp-Name", "test_simple_text")
                        .header("Mcp-Name", "test_slow"));
        StatelessClient.Outcome unknown = client.call("ping", JsonValue.EMPTY_JSON_OBJECT);

        assertEquals(List.of(400, -32020), List.of(nameless.status(), nameless.code()));
        assertEquals(List.of(400, -32020), List.of(twice.status(), twice.code()));
        assertEquals(List.of(404, -32601), List.of(unknown.status(), unknown.code()));
    }
}

package org.mcpservermanager.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mcpservermanager.it.McpClient.toolParams;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.fixture.ConformanceServer;
import org.mcpservermanager.fixture.EchoServer;
import org.mcpservermanager.fixture.Launching;

/** What a client can do with a server it can do with it through the manager, alone and among all servers. */
@OnServer
class GatewayIT {
    private static final String TICKS = "demo://ticks";
    private static Api api;
    private final java.util.Deque<McpClient> clients = new java.util.ArrayDeque<>();

    /** A place to reach a server at, and how its names read there. */
    private record Door(boolean aggregate) {
        McpClient client(String server) {
            return aggregate ? api.aggregate() : api.client(server);
        }

        String name(String server, String own) {
            return aggregate ? server + "__" + own : own;
        }

        @Override
        public String toString() {
            return aggregate ? "/mcp" : "/servers/{id}/mcp";
        }
    }

    static Stream<Door> doors() {
        return Stream.of(new Door(false), new Door(true));
    }

    static Stream<Arguments> doorsInEveryRevision() {
        return doors().flatMap(door ->
                Stream.of("2025-03-26", "2025-06-18", "2025-11-25").map(revision -> Arguments.of(door, revision)));
    }

    @BeforeAll
    static void addFixtures() {
        api = Api.of(ManagerUnderTest.get());
        api.run("gw-echo", Launching.command(EchoServer.class));
        api.run("gw-fixture", ConformanceServer.command());
        api.awaitPhase("demo", "running");
        try (McpClient looking = api.aggregate()) {
            looking.open();
            Api.until(
                    () -> toolNames(looking)
                            .containsAll(List.of("gw-echo__echo", "gw-fixture__test_slow", "demo__echo")),
                    () -> "the tools of all servers in " + toolNames(looking));
        }
    }

    @AfterAll
    static void removeFixtures() {
        api.remove("gw-echo");
        api.remove("gw-fixture");
    }

    @AfterEach
    void leave() {
        clients.forEach(McpClient::close);
    }

    private McpClient open(McpClient client) {
        clients.add(client);
        client.open();
        return client;
    }

    private static List<String> toolNames(McpClient client) {
        return client.result("tools/list", "").getJsonArray("tools").getValuesAs(JsonObject.class).stream()
                .map(tool -> tool.getString("name"))
                .toList();
    }

    private static String text(JsonObject result) {
        return result.getJsonArray("content").getJsonObject(0).getString("text");
    }

    @ParameterizedTest
    @MethodSource("doorsInEveryRevision")
    void everyRevisionHasEveryRequest(Door door, String revision) {
        McpClient client = door.client("demo").version(revision);
        clients.add(client);

        assertEquals(revision, client.open().getString("protocolVersion"));
        assertTrue(toolNames(client).contains(door.name("demo", "add")));
        assertEquals("grüß 🎈", text(client.tool(door.name("demo", "echo"), "{\"text\":\"grüß 🎈\"}")));
        assertEquals(
                "{\"sum\":0.30000000000000000001}",
                client.tool(door.name("demo", "add"), "{\"a\":0.1,\"b\":0.20000000000000000001}")
                        .getJsonObject("structuredContent")
                        .toString());
        assertEquals(
                "Hello, world!",
                client.result("resources/read", "{\"uri\":\"demo://greeting\"}")
                        .getJsonArray("contents")
                        .getJsonObject(0)
                        .getString("text"));
        assertTrue(client.result("resources/list", "").toString().contains(TICKS));
        assertTrue(client.result("resources/templates/list", "").toString().contains("demo://greeting/{name}"));
        assertEquals(
                "Hello, Ada!",
                client.result("resources/read", "{\"uri\":\"demo://greeting/Ada\"}")
                        .getJsonArray("contents")
                        .getJsonObject(0)
                        .getString("text"));
        String greet = door.name("demo", "greet");
        assertTrue(client.result("prompts/list", "").toString().contains("\"" + greet + "\""));
        assertTrue(client.result("prompts/get", "{\"name\":\"" + greet + "\",\"arguments\":{\"name\":\"Ada\"}}")
                .toString()
                .contains("greeting for Ada"));
        assertEquals(
                "[\"Barbara\"]",
                client.result(
                                "completion/complete",
                                "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"" + greet
                                        + "\"},\"argument\":{\"name\":\"name\",\"value\":\"B\"}}")
                        .getJsonObject("completion")
                        .getJsonArray("values")
                        .toString());
        assertEquals(JsonValue.EMPTY_JSON_OBJECT, client.result("ping", ""));
        assertEquals(-32601, client.error("no/such", "{}").getInt("code"));
    }

    @ParameterizedTest
    @MethodSource("doorsInEveryRevision")
    void questionsAreAskedWithinTheCallAndAnswered(Door door, String revision) {
        McpClient client = open(door.client("demo")
                .version(revision)
                .answering("elicitation/create", answer("{\"action\":\"accept\",\"content\":{\"name\":\"Ada\"}}"))
                .answering(
                        "sampling/createMessage",
                        answer(
                                "{\"role\":\"assistant\",\"model\":\"it\",\"content\":{\"type\":\"text\",\"text\":\"short\"}}"))
                .answering("roots/list", answer("{\"roots\":[{\"uri\":\"file:///tmp/it\"}]}")));

        assertEquals("Hello, Ada!", text(client.tool(door.name("demo", "ask_name"), "{}")));
        assertEquals("short", text(client.tool(door.name("demo", "summarize"), "{\"text\":\"long\"}")));
        assertTrue(client.tool(door.name("demo", "workspace_roots"), "{}")
                .toString()
                .contains("file:///tmp/it"));
        assertEquals(
                List.of("elicitation/create", "sampling/createMessage", "roots/list"),
                client.asked.stream()
                        .map(question -> question.getString("method"))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("doors")
    void aClientThatDeclaredNothingIsAskedNothing(Door door) {
        McpClient client = open(door.client("demo"));

        JsonObject outcome = client.tool(door.name("demo", "ask_name"), "{}");

        assertTrue(outcome.getBoolean("isError"), outcome.toString());
    }

    @ParameterizedTest
    @MethodSource("doors")
    void progressComesInOrderBeforeTheResult(Door door) {
        McpClient client = open(door.client("demo"));
        McpClient.Call call = client.begin(
                "tools/call",
                "{\"name\":\"" + door.name("demo", "countdown")
                        + "\",\"arguments\":{\"from\":20,\"delayMillis\":1},\"_meta\":{\"progressToken\":\"mine\"}}");

        assertEquals("Counted down from 20.", text(call.response().getJsonObject("result")));
        List<JsonObject> reports =
                call.heard.stream().map(each -> each.getJsonObject("params")).toList();
        assertEquals(
                Stream.iterate(1, n -> n + 1).limit(20).toList(),
                reports.stream().map(report -> report.getInt("progress")).toList());
        assertTrue(reports.stream()
                .allMatch(report -> report.getString("progressToken").equals("mine")));
    }

    @ParameterizedTest
    @MethodSource("doors")
    void aCancellationReachesTheServerAndTheSessionGoesOn(Door door) {
        McpClient client = open(door.client("gw-fixture"));
        String count = door.name("gw-fixture", "test_cancel_count");
        int before = Integer.parseInt(text(client.tool(count, "{}")));
        McpClient.Call slow = client.begin(
                "tools/call",
                "{\"name\":\"" + door.name("gw-fixture", "test_slow")
                        + "\",\"arguments\":{\"ms\":60000},\"_meta\":{\"progressToken\":1}}");
        slow.next();

        assertEquals(
                202, client.tell("notifications/cancelled", "{\"requestId\":" + slow.id + ",\"reason\":\"enough\"}"));

        assertTrue(slow.response().getJsonObject("error").getString("message").contains("cancelled"));
        Api.until(
                () -> Integer.parseInt(text(client.tool(count, "{}"))) == before + 1,
                () -> "one more cancelled call than " + before);
    }

    @ParameterizedTest
    @MethodSource("doors")
    void logsComeWithTheirCallFromTheLevelOn(Door door) {
        McpClient client = open(door.client("demo"));
        String log = door.name("demo", "log");
        client.result("logging/setLevel", "{\"level\":\"warning\"}");

        McpClient.Call call =
                client.begin("tools/call", toolParams(log, "{\"message\":\"careful\",\"level\":\"error\"}"));
        assertEquals("sent", text(call.response().getJsonObject("result")));
        McpClient.Call quiet = client.begin("tools/call", toolParams(log, "{\"message\":\"hm\",\"level\":\"info\"}"));

        assertEquals("careful", call.heard.get(0).getJsonObject("params").getString("data"));
        assertTrue(text(quiet.response().getJsonObject("result")).startsWith("not sent"));
        assertEquals(List.of(), quiet.heard);
    }

    @ParameterizedTest
    @MethodSource("doors")
    void changedListsAreTold(Door door) {
        McpClient client = open(door.client("gw-fixture")).listen();
        String dynamic = door.name("gw-fixture", "test_dynamic_tool");
        boolean before = toolNames(client).contains(dynamic);

        client.tool(door.name("gw-fixture", "test_trigger_tool_change"), "{}");

        client.hear("notifications/tools/list_changed");
        Api.until(() -> toolNames(client).contains(dynamic) != before, () -> dynamic + " to come or go");
    }

    @ParameterizedTest
    @MethodSource("doors")
    void subscribersAreToldUpdatesAndOthersAreNot(Door door) {
        McpClient client = open(door.client("demo")).listen();
        McpClient other = open(door.client("demo")).listen();
        client.result("resources/subscribe", "{\"uri\":\"" + TICKS + "\"}");

        client.tool(door.name("demo", "tick"), "{}");

        assertEquals(
                TICKS,
                client.hear("notifications/resources/updated")
                        .getJsonObject("params")
                        .getString("uri"));
        client.result("resources/unsubscribe", "{\"uri\":\"" + TICKS + "\"}");
        // lists may change at any time: other servers are still starting
        assertTrue(
                other.heard.stream()
                        .noneMatch(each -> each.getString("method").equals("notifications/resources/updated")),
                () -> other.heard.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "dG9vbHNANQ", ""})
    void aForeignCursorIsAnError(String cursor) {
        McpClient client = open(api.aggregate());

        JsonObject response = client.request("tools/list", "{\"cursor\":\"" + cursor + "\"}");

        assertEquals(cursor.isEmpty(), response.containsKey("result"), response.toString());
        if (!cursor.isEmpty()) {
            assertEquals(-32602, response.getJsonObject("error").getInt("code"));
        }
    }

    @ParameterizedTest
    @MethodSource("doors")
    void whatTheManagerDoesNotKnowPassesByteForByte(Door door) {
        String odd = "{\"n\":1e400,\"z\":-0.0,\"big\":12345678901234567890123,\"ü\":\"\\u00fc\\/\\ud83c\\udf88 🎈\","
                + "\"deep\":[[[{}]],null,true],\"x\":{\"x\":{\"x\":1.50}}}";
        McpClient client = open(door.client("gw-echo"));

        String answer = client.beginRaw(
                        "\"i\\u0064 🎈\"",
                        "{ \"x-unknown\" : 1, \"params\":{\"_meta\":{\"traceparent\":\"00-1\"},\"arguments\":" + odd
                                + ",\"name\":\"" + door.name("gw-echo", "echo")
                                + "\",\"future\":[1]},\"method\":\"tools/call\",\"id\":\"i\\u0064 🎈\",\"jsonrpc\":\"2.0\"}")
                .text();

        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"id\":\"i\\u0064 🎈\",\"result\":{\"content\":[],\"structuredContent\":" + odd
                        + "}}",
                answer);
    }

    @Test
    void aClientWithACopyOfItsOwnIsIntroducedByteForByte() {
        McpClient client = api.client("gw-echo");
        clients.add(client);
        String params =
                "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"elicitation\":{ \"form\":{} },\"x\":1e400},"
                        + "\"clientInfo\":{\"name\":\"it \\u00e9\",\"version\":\"1\",\"title\":\"T\",\"y\":[ 1 ]}}";
        McpClient.Call opening = client.begin("initialize", params);
        opening.response();
        client.inSession(
                opening.head.join().headers().firstValue("Mcp-Session-Id").orElseThrow());

        String answer = client.begin("tools/call", toolParams("whoami", "{}")).text();

        assertTrue(answer.contains("\"capabilities\":{\"elicitation\":{ \"form\":{} },\"x\":1e400}"), answer);
        assertTrue(answer.contains("{\"name\":\"it \\u00e9\",\"version\":\"1\",\"title\":\"T\",\"y\":[ 1 ]}"), answer);
    }

    @ParameterizedTest
    @MethodSource("doors")
    void aMegabytePassesBothWays(Door door) {
        String text = "é".repeat(500_000);
        McpClient client = open(door.client("gw-echo"));

        String answer = client.begin("tools/call", toolParams(door.name("gw-echo", "echo"), "{\"t\":\"" + text + "\"}"))
                .text();

        assertTrue(answer.endsWith("{\"t\":\"" + text + "\"}}}"), answer.length() + " characters");
    }

    private static UnaryOperator<JsonObject> answer(String result) {
        return params -> Json.createReader(new java.io.StringReader(result)).readObject();
    }
}

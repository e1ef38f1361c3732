package org.mcpservermanager.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mcpservermanager.it.McpClient.toolParams;

import jakarta.json.JsonObject;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.fixture.EchoServer;
import org.mcpservermanager.fixture.Launching;

/** The other ways to the same servers: HTTP with SSE, as in revision 2024-11-05, and WebSocket. */
@OnServer
class FrontsIT {
    private static final String ID = "fr-echo";
    private static final String INITIALIZED = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";
    private static ManagerUnderTest manager;
    private static Api api;
    private static URI base;

    @BeforeAll
    static void runServer() {
        manager = ManagerUnderTest.get();
        api = Api.of(manager);
        base = manager.baseUri();
        api.run(ID, Launching.command(EchoServer.class));
        McpClient all = api.aggregate();
        all.open();
        Api.until(() -> all.request("tools/list", "").toString().contains(ID + "__echo"), () -> "its tools");
        all.close();
    }

    @AfterAll
    static void removeServer() {
        api.remove(ID);
    }

    private static String initialize(String version, String capabilities) {
        return request(
                0,
                "initialize",
                "{\"protocolVersion\":\"" + version + "\",\"capabilities\":" + capabilities
                        + ",\"clientInfo\":{\"name\":\"it\",\"version\":\"1\"}}");
    }

    private static String request(int id, String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + "}";
    }

    private static String echo(int id, String name) {
        return request(id, "tools/call", toolParams(name, "{\"text\":\"grüß\"}"));
    }

    private static void echoed(JsonObject answer, int id) {
        assertEquals(id, answer.getInt("id"));
        assertEquals(
                "grüß",
                answer.getJsonObject("result")
                        .getJsonObject("structuredContent")
                        .getString("text"),
                answer::toString);
    }

    private EventSource events(String path, String lastEventId) {
        return new EventSource(base, path, manager.adminKey(), lastEventId);
    }

    private Socket socket(String path) {
        return Socket.open(base, path, manager.adminKey());
    }

    @ParameterizedTest
    @CsvSource({"/sse,/messages,fr-echo__echo", "/servers/fr-echo/sse,/servers/fr-echo/messages,echo"})
    void eventsAnswerWhatIsPosted(String path, String messages, String tool) {
        try (EventSource client = events(path, "")) {
            assertTrue(client.endpoint().startsWith(messages + "?sessionId="), client.endpoint());
            assertEquals(202, client.post(initialize("2024-11-05", "{}")));
            assertEquals("2024-11-05", client.next().getJsonObject("result").getString("protocolVersion"));
            assertEquals(202, client.post(INITIALIZED));

            assertEquals(202, client.post(echo(1, tool)));
            echoed(client.next(), 1);
        }
    }

    @Test
    void eventsCarryQuestionsToo() {
        try (EventSource client = events("/servers/fr-echo/sse", "")) {
            client.post(initialize("2024-11-05", "{\"roots\":{}}"));
            client.next();
            client.post(INITIALIZED);
            client.post(request(1, "tools/call", toolParams("ask", "{\"kind\":\"roots\"}")));

            JsonObject question = client.next();
            assertEquals("roots/list", question.getString("method"));
            client.post("{\"jsonrpc\":\"2.0\",\"id\":" + question.get("id") + ",\"result\":{\"roots\":[]}}");

            assertTrue(client.next().containsKey("result"));
        }
    }

    @Test
    void eventsGoOnWhereTheyBroke() {
        String last;
        try (EventSource client = events("/servers/fr-echo/sse", "")) {
            client.post(initialize("2024-11-05", "{}"));
            client.next();
            last = client.lastId();
        }
        try (EventSource again = events("/servers/fr-echo/sse", last)) {
            again.post(echo(7, "echo"));
            echoed(again.next(), 7);
        }
    }

    @Test
    void postingNeedsTheKeyToo() {
        try (EventSource client = events("/sse", "")) {
            assertEquals(401, client.post(initialize("2024-11-05", "{}"), ""));
            assertEquals(401, client.post(initialize("2024-11-05", "{}"), "wrong"));
        }
        assertEquals(404, api.post("/messages?sessionId=nobody", echo(1, "x")).statusCode());
        assertEquals(400, api.post("/messages", echo(1, "x")).statusCode());
        assertEquals(405, api.post("/sse", echo(1, "x")).statusCode());
    }

    @ParameterizedTest
    @CsvSource({"/ws,fr-echo__echo", "/servers/fr-echo/ws,echo"})
    void aSocketAnswersWhatIsSent(String path, String tool) {
        try (Socket client = socket(path)) {
            assertEquals("mcp", client.subprotocol());
            client.send(initialize("2025-11-25", "{}"));
            assertEquals("2025-11-25", client.next().getJsonObject("result").getString("protocolVersion"));
            client.send(INITIALIZED);
            for (int id = 1; id <= 20; id++) {
                client.send(echo(id, tool));
                echoed(client.next(), id);
            }
        }
    }

    @Test
    void aSocketCarriesQuestionsToo() {
        try (Socket client = socket("/servers/fr-echo/ws")) {
            client.send(initialize("2025-11-25", "{\"roots\":{}}"));
            client.next();
            client.send(request(1, "tools/call", toolParams("ask", "{\"kind\":\"roots\"}")));

            JsonObject question = client.next();
            assertEquals("roots/list", question.getString("method"));
            client.send("{\"jsonrpc\":\"2.0\",\"id\":" + question.get("id") + ",\"result\":{\"roots\":[]}}");

            assertTrue(client.next().containsKey("result"));
        }
    }

    @Test
    void aSocketCarriesLargeMessages() {
        try (Socket client = socket("/servers/fr-echo/ws")) {
            client.send(initialize("2025-11-25", "{}"));
            client.next();
            client.send(request(1, "tools/call", toolParams("huge", "{\"bytes\":2000000}")));
            assertTrue(client.next().toString().length() > 2_000_000);
            String large = "x".repeat(1_000_000);
            client.send(request(2, "tools/call", toolParams("echo", "{\"text\":\"" + large + "\"}")));
            assertTrue(client.next().toString().contains(large));
        }
    }

    @Test
    void aSocketSaysWhatIsNoMessage() {
        try (Socket client = socket("/ws")) {
            client.send("{\"jsonrpc\":");
            assertEquals(-32700, client.next().getJsonObject("error").getInt("code"));
            client.send(request(1, "tools/list", "{}"));
            assertEquals(-32600, client.next().getJsonObject("error").getInt("code"));
            client.sendBinary(new byte[] {1});
            assertEquals(1003, client.closed.orTimeout(20, TimeUnit.SECONDS).join());
        }
    }

    @Test
    void theCopyOfASocketEndsWithIt() {
        Socket client = socket("/servers/fr-echo/ws");
        client.send(initialize("2025-11-25", "{\"roots\":{}}"));
        client.next();
        client.send(request(1, "tools/call", toolParams("pid", "{}")));
        JsonObject answer = client.next();
        assertTrue(answer.containsKey("result"), answer::toString);
        long pid = answer.getJsonObject("result")
                .getJsonObject("structuredContent")
                .getJsonNumber("pid")
                .longValue();
        assertTrue(ProcessHandle.of(pid).isPresent(), "its own copy");

        client.abort();

        Api.until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty(), () -> "the end of " + pid);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ws", "/servers/fr-echo/ws"})
    void aSocketNeedsTheKey(String path) {
        assertEquals(401, Socket.refusal(base, path, ""));
        assertEquals(401, Socket.refusal(base, path, "wrong"));
        assertEquals(400, api.get(path).statusCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/groups/nothing/ws", "/servers/fr-echo/ws/x", "/servers/fr-echo/mcp", "/mcp", "/api/mcp/servers"
            })
    void aSocketOpensOnlyWhereThereIsOne(String path) {
        assertEquals(401, Socket.refusal(base, path, ""));
        assertEquals(404, Socket.refusal(base, path, manager.adminKey()));
    }

    @Test
    void eventsOfAGroupThatThereIsNotAreRefused() {
        assertEquals(404, api.get("/groups/nothing/sse").statusCode());
    }

    @Test
    void aSocketOfAForeignPageIsRefused() {
        String request = "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:" + base.getPort()
                + "\r\nOrigin: http://evil.example\r\nAuthorization: Bearer " + manager.adminKey()
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
                + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        assertEquals(403, RawHttp.send(base, request).status());
    }
}

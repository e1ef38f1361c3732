package org.mcpservermanager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.gateway.Bench.Front;
import org.mcpservermanager.gateway.Bench.Repeated;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.Phase;

class ModernDialectTest {
    private static final String VERSION = "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"";
    private static final String CAPABLE = VERSION + ",\"io.modelcontextprotocol/clientCapabilities\":{}";
    private final Bench bench = new Bench();
    private final FakeRouter.FakeServer server = bench.router.add("one");
    private final Front front = Bench.one("one");

    private FakeReply call(Repeated headers, String meta) {
        return bench.post(
                front, headers, Bench.request("\"my id\"", "tools/call", "{\"name\":\"t\",\"_meta\":" + meta + "}"));
    }

    private static void assertRefused(int status, int code, FakeReply reply) {
        assertEquals(status, reply.status(), reply.text());
        assertTrue(reply.text().contains("\"code\":" + code), reply.text());
        assertTrue(reply.text().contains("\"id\":\"my id\""), reply.text());
    }

    @Test
    void aRequestWithoutItsMetaFieldsIsInvalid() {
        Repeated headers = Repeated.of("tools/call", "t");

        assertRefused(400, -32602, call(headers, "{}"));
        assertRefused(400, -32602, call(headers, "{" + VERSION + "}"));
        assertRefused(400, -32602, call(headers, "{" + VERSION + ",\"io.modelcontextprotocol/clientCapabilities\":1}"));
        assertRefused(400, -32602, call(headers, "{" + CAPABLE + ",\"io.modelcontextprotocol/clientInfo\":\"me\"}"));
        assertRefused(400, -32602, call(headers, "{" + CAPABLE + ",\"io.modelcontextprotocol/logLevel\":\"loud\"}"));
        assertEquals(List.of(), server.received);
    }

    @Test
    void headersMustRepeatTheBody() {
        Repeated right = Repeated.of("tools/call", "t");
        String meta = "{" + CAPABLE + "}";

        assertRefused(400, -32020, call(right.version(""), meta));
        assertRefused(400, -32020, call(right.version("2025-11-25"), meta));
        assertRefused(400, -32020, call(right.version("nonsense"), meta));
        assertRefused(400, -32020, call(Repeated.of("tools/list", "t"), meta));
        assertRefused(400, -32020, call(Repeated.of("Tools/Call", "t"), meta));
        assertRefused(400, -32020, call(Repeated.of("tools/call", ""), meta));
        assertRefused(400, -32020, call(Repeated.of("tools/call", "u"), meta));
        assertRefused(400, -32020, call(Repeated.of("tools/call", "=?base64?dA?="), meta));
        assertRefused(400, -32020, call(right.with("mcp-name", "t", "t"), meta));
        assertEquals(List.of(), server.received);
    }

    @Test
    void namesMayBeEncodedAndSurroundedBySpace() {
        server.answers("tools/call", "{\"content\":[]}");

        assertEquals(
                200,
                call(Repeated.of("tools/call", "=?base64?dA==?="), "{" + CAPABLE + "}")
                        .status());
        assertEquals(
                200, call(Repeated.of("tools/call", " t "), "{" + CAPABLE + "}").status());
    }

    @Test
    void anotherVersionIsRefusedAfterTheHeadersAndBeforeTheRest() {
        String old = "{\"io.modelcontextprotocol/protocolVersion\":\"1900-01-01\"}";
        Repeated headers = Repeated.of("tools/call", "t").version("1900-01-01");

        FakeReply refused = call(headers, old);

        assertRefused(400, -32022, refused);
        assertTrue(refused.text().contains("{\"supported\":[\"2026-07-28\"],\"requested\":\"1900-01-01\"}"));
        assertRefused(400, -32020, call(Repeated.of("tools/call", "t"), old));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "initialize",
                "ping",
                "logging/setLevel",
                "resources/subscribe",
                "resources/unsubscribe",
                "tasks/get",
                "no/such"
            })
    void methodsThatThisRevisionHasNotAreNotFound(String method) {
        FakeReply reply = bench.stateless(front, method, "");

        assertEquals(404, reply.status());
        assertTrue(reply.text().contains("\"code\":-32601"), reply.text());
    }

    @Test
    void notificationsAreAcceptedAndResponsesAreNot() {
        Repeated headers = Repeated.of("notifications/cancelled", "");

        assertEquals(
                202,
                bench.post(front, headers, Bench.notification("notifications/cancelled", "{}"))
                        .status());
        assertEquals(
                400,
                bench.post(front, headers, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}")
                        .status());
        assertEquals(405, bench.send("GET", front.version("2026-07-28"), "").status());
        assertEquals(405, bench.send("DELETE", front.version("2026-07-28"), "").status());
    }

    @Test
    void aServerThatIsNotThereIsNotFound() {
        assertEquals(404, bench.stateless(Bench.one("none"), "tools/list", "").status());
    }

    @Test
    void discoverIsAnsweredForAnOlderServer() {
        server.capabilities = "{\"tools\":{},\"tasks\":{\"list\":{}}}";

        FakeReply reply = bench.stateless(front, "server/discover", "");

        assertEquals(200, reply.status());
        assertTrue(
                reply.text()
                        .endsWith("\"result\":{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{\"tools\":{}},"
                                + "\"instructions\":\"ask nicely\",\"resultType\":\"complete\",\"ttlMs\":0,"
                                + "\"cacheScope\":\"private\","
                                + "\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{}}}}"),
                reply.text());
    }

    @Test
    void anOlderServerSeesAnOlderRequest() {
        server.answers("tools/call", "{\"content\":[],\"_meta\":{\"x\":1}}");

        FakeReply reply = bench.stateless(
                front,
                "tools/call",
                "{\"roots\":{}}",
                "\"name\":\"t\",\"arguments\":{\"a\":1e0},\"inputResponses\":{\"k\":{}},",
                "\"traceparent\":\"00-1\",\"io.modelcontextprotocol/logLevel\":\"info\",");

        assertEquals(
                "{\"name\":\"t\",\"arguments\":{\"a\":1e0},\"_meta\":{\"traceparent\":\"00-1\",\"progressToken\":0}}",
                server.received("tools/call").get(0).params());
        assertEquals(
                "{\"level\":\"info\"}",
                server.received("logging/setLevel").get(0).params());
        assertEquals("{\"roots\":{}}", server.last().client().profile().capabilities());
        assertTrue(
                reply.text()
                        .contains("\"result\":{\"content\":[],\"_meta\":{\"x\":1,"
                                + "\"io.modelcontextprotocol/serverInfo\":{}},\"resultType\":\"complete\"}"),
                reply.text());
    }

    @Test
    void listsAreCacheableForNobodyAndLoseWhatThisRevisionHasNot() {
        server.answers(
                "tools/list", "{\"tools\":[{\"name\":\"t\",\"execution\":{\"taskSupport\":\"optional\"},\"x\":1}]}");

        FakeReply reply = bench.stateless(front, "tools/list", "");

        assertTrue(
                reply.text()
                        .contains("\"tools\":[{\"name\":\"t\",\"x\":1}],\"resultType\":\"complete\",\"ttlMs\":0,"
                                + "\"cacheScope\":\"private\""),
                reply.text());
    }

    @Test
    void aMissingResourceIsAnInvalidParameter() {
        server.handlers.put(
                "resources/read",
                exchange -> exchange.complete(Message.error(
                        exchange.request().id(), RpcError.of(RpcError.RESOURCE_NOT_FOUND, "Resource not found"))));

        FakeReply reply = bench.stateless(front, "resources/read", "\"uri\":\"a:b\",");

        assertEquals(200, reply.status());
        assertTrue(
                reply.text()
                        .contains("{\"code\":-32602,\"message\":\"Resource not found\",\"data\":{\"uri\":\"a:b\"}}"),
                reply.text());
    }

    @Test
    void progressOpensAStreamAndComesBeforeTheResult() {
        server.holds("tools/call");
        FakeReply reply = bench.stateless(front, "tools/call", "{}", "\"name\":\"t\",", "\"progressToken\":\"mine\",");

        server.last().tell(Message.notification("notifications/progress", "{\"progressToken\":9,\"progress\":1}"));
        server.last().complete(Message.result("1", "{\"content\":[]}"));

        assertNull(reply.answer);
        assertEquals(2, reply.sink.events.size());
        assertTrue(
                reply.sink.data().get(0).contains("\"progressToken\":\"mine\""),
                reply.sink.data().get(0));
        assertTrue(
                reply.sink.data().get(1).contains("\"resultType\":\"complete\""),
                reply.sink.data().get(1));
        assertFalse(reply.sink.open);
    }

    @ParameterizedTest
    @CsvSource({"'',0", "debug,2", "warning,1"})
    void logsComeOnlyAsLoudAsAskedFor(String level, int lines) {
        server.holds("tools/call");
        String wish = level.isEmpty() ? "" : "\"io.modelcontextprotocol/logLevel\":\"" + level + "\",";
        FakeReply reply = bench.stateless(front, "tools/call", "{}", "\"name\":\"t\",", wish);

        server.last().tell(Message.notification("notifications/message", "{\"level\":\"info\",\"data\":1}"));
        server.last().tell(Message.notification("notifications/message", "{\"level\":\"error\",\"data\":2}"));
        server.last().complete(Message.result("1", "{\"content\":[]}"));

        assertEquals(lines, reply.sink == null ? 0 : reply.sink.events.size() - 1);
    }

    @Test
    void aClosedStreamCancelsTheCall() {
        server.holds("tools/call");
        FakeReply reply = bench.stateless(front, "tools/call", "{}", "\"name\":\"t\",", "\"progressToken\":1,");
        server.last().tell(Message.notification("notifications/progress", "{\"progressToken\":9,\"progress\":1}"));

        reply.sink.disconnect();

        assertEquals(List.of("the client closed the connection"), bench.router.cancelled);
    }

    /** What is written to it tells whether the client is still there. */
    @Test
    void theStreamOfACallThatGoesOnIsWrittenToEverySecond() {
        server.holds("tools/call");
        FakeReply reply = bench.stateless(front, "tools/call", "{}", "\"name\":\"t\",", "\"progressToken\":1,");
        server.last().tell(Message.notification("notifications/progress", "{\"progressToken\":9,\"progress\":1}"));

        bench.timer.advance(Duration.ofSeconds(3));
        server.last().complete(Message.result("1", "{}"));
        bench.timer.advance(Duration.ofSeconds(3));

        assertEquals(3, reply.sink.touched);
    }

    @Test
    void aFinishedStreamCancelsNothing() {
        server.holds("tools/call");
        bench.stateless(front, "tools/call", "{}", "\"name\":\"t\",", "\"progressToken\":1,");
        server.last().tell(Message.notification("notifications/progress", "{\"progressToken\":9,\"progress\":1}"));

        server.last().complete(Message.result("1", "{}"));

        assertEquals(List.of(), bench.router.cancelled);
    }

    @Test
    void annotatedParametersMustBeRepeatedInHeaders() {
        server.answers(
                "tools/list",
                "{\"tools\":[{\"name\":\"t\",\"inputSchema\":{\"properties\":{\"r\":{\"type\":\"string\","
                        + "\"x-mcp-header\":\"Region\"}}}}]}");
        server.answers("tools/call", "{\"content\":[]}");
        bench.becomes("one", Phase.RUNNING);
        bench.timer.advance(Duration.ofSeconds(2));
        String body = Bench.request(
                "\"my id\"", "tools/call", "{\"name\":\"t\",\"arguments\":{\"r\":\"us\"},\"_meta\":{" + CAPABLE + "}}");
        Repeated headers = Repeated.of("tools/call", "t");

        assertRefused(400, -32020, bench.post(front, headers, body));
        assertRefused(400, -32020, bench.post(front, headers.with("mcp-param-region", "eu"), body));
        assertEquals(
                200,
                bench.post(front, headers.with("mcp-param-region", "us"), body).status());
    }

    @Test
    void aServerOfTheSameEraGetsTheRequestAsItIs() {
        server.version = "2026-07-28";
        server.answers("tools/call", "{\"resultType\":\"input_required\",\"requestState\":\"s\"}");

        FakeReply reply =
                bench.stateless(front, "tools/call", "{\"roots\":{}}", "\"name\":\"t\",\"requestState\":\"q\",", "");

        assertEquals(
                "{\"name\":\"t\",\"requestState\":\"q\",\"_meta\":{" + VERSION
                        + ",\"io.modelcontextprotocol/clientCapabilities\":{\"roots\":{}}}}",
                server.last().request().params());
        assertEquals("2026-07-28", server.last().client().profile().protocolVersion());
        assertFalse(server.last().client().profile().interactive());
        assertTrue(reply.text().contains("\"result\":{\"resultType\":\"input_required\",\"requestState\":\"s\"}"));
    }

    @Test
    void aServerOfTheSameEraStreamsWhatItSays() {
        server.version = "2026-07-28";
        server.holds("subscriptions/listen");
        FakeReply reply = bench.stateless(front, "subscriptions/listen", "\"notifications\":{},");

        server.last().tell(Message.notification("notifications/subscriptions/acknowledged", "{\"x\":1}"));
        reply.sink.disconnect();

        assertEquals(1, reply.sink.events.size());
        assertEquals(1, bench.router.cancelled.size());
    }
}

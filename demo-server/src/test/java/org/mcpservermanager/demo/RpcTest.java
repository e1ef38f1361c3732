package org.mcpservermanager.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RpcTest {
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        client = TestClient.inProcess();
    }

    @AfterEach
    void end() throws Exception {
        client.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"})
    void speaksEveryRevision(String revision) throws Exception {
        Json.Obj result = client.result("initialize", "{\"protocolVersion\":\"" + revision + "\",\"capabilities\":{}}");

        assertEquals(revision, result.text("protocolVersion"));
        assertEquals("mcp-demo-server", result.object("serverInfo").text("name"));
    }

    @Test
    void offersItsNewestRevisionForAnUnknownOne() throws Exception {
        Json.Obj result = client.result("initialize", "{\"protocolVersion\":\"1999-01-01\",\"capabilities\":{}}");

        assertEquals("2025-11-25", result.text("protocolVersion"));
    }

    @Test
    void answersPingButNothingElseBeforeInitialize() throws Exception {
        assertEquals(Json.object(), client.result("ping", "{}"));
        assertEquals("-32600", client.errorCode("tools/list", "{}"));
        assertEquals("-32601", client.errorCode("server/discover", "{}"));
        assertEquals("-32602", client.errorCode("initialize", "{}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"jsonrpc\":\"2.0\",\"id\":1,;-32700;null",
                "[];-32600;null",
                "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}];-32600;null",
                "7;-32600;null",
                "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"};-32600;null",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"};-32600;null",
                "{\"jsonrpc\":\"1.0\",\"id\":5,\"method\":\"ping\"};-32600;5",
                "{\"jsonrpc\":\"2.0\",\"id\":\"p\",\"method\":\"ping\",\"params\":[]};-32600;\"p\"",
                "{\"jsonrpc\":\"2.0\",\"id\":6};-32600;6",
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"nope\"};-32601;7",
            })
    void saysWhatIsWrongAndGoesOn(String line, String code, String id) throws Exception {
        client.send(line);
        Json.Obj answer = client.await(m -> m.has("error"));

        assertEquals(code, Json.text(answer.object("error").get("code")));
        assertEquals(id, Json.text(answer.get("id")));
        assertEquals(Json.object(), client.result("ping", "{}"));
    }

    @Test
    void ignoresBlankLinesNotificationsAndStrayAnswers() throws Exception {
        client.send("");
        client.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/unheard\"}");
        client.send("{\"jsonrpc\":\"2.0\",\"id\":\"demo-99\",\"result\":{}}");
        client.result("ping", "{}");

        assertTrue(client.rest().isEmpty(), () -> client.rest().toString());
    }

    @Test
    void answersABatchTogetherWhereTheRevisionHasThem() throws Exception {
        client.initialize("2025-03-26", "{}");

        client.send("[{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"ping\"},"
                + "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/unheard\"},7,"
                + "{\"jsonrpc\":\"2.0\",\"id\":\"b\",\"method\":\"tools/call\",\"params\":"
                + "{\"name\":\"countdown\",\"arguments\":{\"from\":1,\"delayMillis\":1}}}]");
        Json.Obj answer = client.await(m -> m.has("batch"));

        assertEquals(3, ((Json.Arr) answer.get("batch")).items().size(), answer::toString);
    }

    @Test
    void refusesInvalidUtf8AndAMessageThatIsTooLong() throws Exception {
        ByteArrayOutputStream in = new ByteArrayOutputStream();
        in.write(new byte[] {'"', (byte) 0xff, '"', '\n'});
        in.write(new byte[Rpc.MESSAGE_MAX + 1]);
        in.write("\n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}".getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        DemoServer.serve(
                new ByteArrayInputStream(in.toByteArray()), out, new PrintStream(out, true), Duration.ofHours(1));

        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(3, lines.size());
        assertTrue(lines.get(0).contains("-32700") && lines.get(0).contains("UTF-8"), lines.get(0));
        assertTrue(lines.get(1).contains("-32700") && lines.get(1).contains("16777217 bytes"), lines.get(1));
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", lines.get(2));
    }

    @Test
    void endsAtTheEndOfInputThoughACallIsOpen() throws Exception {
        client.initialize("2025-11-25", "{}");
        client.request("tools/call", "{\"name\":\"countdown\",\"arguments\":{\"from\":1,\"delayMillis\":60000}}");

        client.close();

        client.await(m -> m.has("end"));
    }
}

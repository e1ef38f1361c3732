package org.mcpservermanager.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mcpservermanager.demo.TestClient.textOf;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolsTest {
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        client = TestClient.inProcess().initialize("2025-11-25", "{}");
    }

    @AfterEach
    void end() throws Exception {
        client.close();
    }

    @Test
    void listsEveryToolInFull() throws Exception {
        Json.Arr tools = (Json.Arr) client.result("tools/list", "{}").get("tools");

        assertEquals(9, tools.items().size());
        for (Json item : tools.items()) {
            Json.Obj tool = (Json.Obj) item;
            assertEquals("object", tool.object("inputSchema").text("type"));
            assertNotEquals("", tool.text("title"));
            assertNotEquals("", tool.text("description"));
            assertTrue(tool.object("annotations").has("readOnlyHint"), tool.text("name"));
        }
    }

    @Test
    void echoKeepsEveryCharacter() throws Exception {
        assertEquals(
                "\"a\"\\\n\té𝄞\u0000", textOf(client.tool("echo", "{\"text\":\"\\\"a\\\"\\\\\\n\\té𝄞\\u0000\"}")));
    }

    @ParameterizedTest
    @CsvSource({"2,3,5", "0.1,0.2,0.3", "12345678901234567890,1,12345678901234567891", "-1,1e2,99"})
    void addsExactly(String a, String b, String sum) throws Exception {
        Json.Obj result = client.tool("add", "{\"a\":" + a + ",\"b\":" + b + "}");

        assertEquals(sum, Json.text(result.object("structuredContent").get("sum")));
        assertEquals("{\"sum\":" + sum + "}", textOf(result));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{}",
                "{\"name\":7}",
                "{\"name\":\"nope\"}",
                "{\"name\":\"echo\"}",
                "{\"name\":\"echo\",\"arguments\":[]}",
                "{\"name\":\"echo\",\"arguments\":{\"text\":1}}",
                "{\"name\":\"add\",\"arguments\":{\"a\":1,\"b\":\"2\"}}",
                "{\"name\":\"add\",\"arguments\":{\"a\":1,\"b\":1e999999999}}",
                "{\"name\":\"add\",\"arguments\":{\"a\":1,\"b\":1e99999999999}}",
                "{\"name\":\"countdown\",\"arguments\":{\"from\":1.5}}",
                "{\"name\":\"log\",\"arguments\":{\"message\":\"x\",\"level\":\"loud\"}}"
            })
    void refusesInvalidCalls(String params) throws Exception {
        assertEquals("-32602", client.errorCode("tools/call", params));
    }

    @Test
    void refusesACursorItNeverGaveOut() throws Exception {
        for (String list : new String[] {"tools/list", "resources/list", "resources/templates/list", "prompts/list"}) {
            assertEquals("-32602", client.errorCode(list, "{\"cursor\":\"x\"}"), list);
        }
    }

    @Test
    void reportsProgressWithTheTokenThatWasSent() throws Exception {
        int id = client.request(
                "tools/call",
                "{\"name\":\"countdown\",\"arguments\":{\"from\":3,\"delayMillis\":0},"
                        + "\"_meta\":{\"progressToken\":\"t-1\"}}");

        for (int step = 1; step <= 3; step++) {
            Json.Obj params = client.method("notifications/progress").object("params");
            assertEquals("t-1", params.text("progressToken"));
            assertEquals(Integer.toString(step), Json.text(params.get("progress")));
            assertEquals("3", Json.text(params.get("total")));
        }
        assertEquals("Counted down from 3.", textOf(client.answer(id).object("result")));
    }

    @Test
    void isSilentAfterCancellation() throws Exception {
        int id = client.request(
                "tools/call",
                "{\"name\":\"countdown\",\"arguments\":{\"from\":2,\"delayMillis\":60000},"
                        + "\"_meta\":{\"progressToken\":1}}");

        client.send(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":" + id + "}}");

        // The id is free again as soon as the cancelled call has ended, which alone would take two minutes.
        Json.Obj answer = Json.object();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!answer.has("result") && System.nanoTime() < deadline) {
            client.send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"ping\"}");
            answer = client.answer(id);
        }
        assertEquals("{}", Json.text(answer.get("result")));
        assertTrue(client.rest().isEmpty(), () -> client.rest().toString());
    }

    @Test
    void answersOthersWhileACallWaits() throws Exception {
        int slow =
                client.request("tools/call", "{\"name\":\"countdown\",\"arguments\":{\"from\":1,\"delayMillis\":300}}");

        assertEquals("quick", textOf(client.tool("echo", "{\"text\":\"quick\"}")));
        assertTrue(client.rest().isEmpty(), "the slow call must not be over yet");
        client.answer(slow);
    }

    @Test
    void refusesValuesOutOfRangeAsAFailureOfTheTool() throws Exception {
        Json.Obj result = client.tool("countdown", "{\"from\":10001}");

        assertEquals(Json.TRUE, result.get("isError"));
        assertTrue(textOf(result).contains("10001 (expected: 0 to 10000)"), textOf(result));
    }

    @Test
    void sendsLogsFromTheLevelOnThatWasSet() throws Exception {
        client.result("logging/setLevel", "{\"level\":\"error\"}");
        assertTrue(textOf(client.tool("log", "{\"message\":\"low\",\"level\":\"warning\"}"))
                .startsWith("not sent"));
        client.tool("log", "{\"message\":\"high\",\"level\":\"critical\",\"logger\":\"me\"}");

        Json.Obj params = client.method("notifications/message").object("params");
        assertEquals("high", params.text("data"));
        assertEquals("critical", params.text("level"));
        assertEquals("me", params.text("logger"));
        assertEquals("-32602", client.errorCode("logging/setLevel", "{\"level\":\"loud\"}"));
    }

    @Test
    void tellsItsProcess() throws Exception {
        Json.Obj info = client.tool("server_info", "{}").object("structuredContent");

        assertEquals(Long.toString(ProcessHandle.current().pid()), Json.text(info.get("pid")));
        assertEquals("2025-11-25", info.text("protocolVersion"));
    }
}

package org.mcpservermanager.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mcpservermanager.demo.TestClient.textOf;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AskingToolsTest {
    @ParameterizedTest
    @CsvSource({"ask_name,elicitation", "summarize,sampling", "workspace_roots,roots"})
    void saysThatAClientCannotBeAsked(String tool, String capability) throws Exception {
        try (TestClient client = TestClient.inProcess().initialize("2025-06-18", "{}")) {
            Json.Obj result = client.tool(tool, "{\"text\":\"x\"}");

            assertEquals(Json.TRUE, result.get("isError"));
            assertTrue(textOf(result).contains("\"" + capability + "\""), textOf(result));
        }
    }

    @Test
    void doesNotSendAFormToAClientThatTakesOnlyUrls() throws Exception {
        try (TestClient client = TestClient.inProcess().initialize("2025-11-25", "{\"elicitation\":{\"url\":{}}}")) {
            assertEquals(Json.TRUE, client.tool("ask_name", "{}").get("isError"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "\"result\":{\"action\":\"accept\",\"content\":{\"name\":\"Ada\"}};Hello, Ada!",
                "\"result\":{\"action\":\"decline\"};You declined to tell your name.",
                "\"result\":{\"action\":\"cancel\"};You closed the question.",
                "\"error\":{\"code\":-1,\"message\":\"no screen\"};elicitation/create was refused: no screen"
            })
    void greetsByTheAnswer(String answer, String text) throws Exception {
        try (TestClient client = TestClient.inProcess().initialize("2025-11-25", "{\"elicitation\":{}}")) {
            int id = client.request("tools/call", "{\"name\":\"ask_name\"}");
            Json.Obj question = client.method("elicitation/create");
            assertTrue(question.object("params")
                    .object("requestedSchema")
                    .object("properties")
                    .has("name"));

            client.send("{\"jsonrpc\":\"2.0\",\"id\":" + Json.text(question.get("id")) + "," + answer + "}");

            assertEquals(text, textOf(client.answer(id).object("result")));
        }
    }

    @Test
    void keepsTwoQuestionsApart() throws Exception {
        try (TestClient client = TestClient.inProcess().initialize("2025-11-25", "{\"sampling\":{}}")) {
            int first = client.request("tools/call", "{\"name\":\"summarize\",\"arguments\":{\"text\":\"one\"}}");
            int second = client.request("tools/call", "{\"name\":\"summarize\",\"arguments\":{\"text\":\"two\"}}");
            Json.Obj two = client.await(m -> Json.text(m).contains("sentence:\\n\\ntwo"));
            Json.Obj one = client.await(m -> Json.text(m).contains("sentence:\\n\\none"));

            reply(client, two, "{\"type\":\"text\",\"text\":\"2\"}");
            reply(client, one, "[{\"type\":\"text\",\"text\":\"1\"}]");

            assertEquals("1", textOf(client.answer(first).object("result")));
            assertEquals("2", textOf(client.answer(second).object("result")));
        }
    }

    private static void reply(TestClient client, Json.Obj question, String content) throws Exception {
        client.send("{\"jsonrpc\":\"2.0\",\"id\":" + Json.text(question.get("id"))
                + ",\"result\":{\"role\":\"assistant\",\"model\":\"m\",\"content\":" + content + "}}");
    }

    @Test
    void listsTheRootsOfTheClient() throws Exception {
        try (TestClient client = TestClient.inProcess().initialize("2024-11-05", "{\"roots\":{}}")) {
            int id = client.request("tools/call", "{\"name\":\"workspace_roots\"}");
            Json question = client.method("roots/list").get("id");

            client.send("{\"jsonrpc\":\"2.0\",\"id\":" + Json.text(question)
                    + ",\"result\":{\"roots\":[{\"uri\":\"file:///w\",\"name\":\"w\"}]}}");

            assertEquals(
                    "{\"roots\":[{\"uri\":\"file:///w\",\"name\":\"w\"}]}",
                    textOf(client.answer(id).object("result")));
        }
    }

    @Test
    void withdrawsTheQuestionOfACancelledCall() throws Exception {
        try (TestClient client = TestClient.inProcess().initialize("2025-11-25", "{\"elicitation\":{\"form\":{}}}")) {
            int id = client.request("tools/call", "{\"name\":\"ask_name\"}");
            Json question = client.method("elicitation/create").get("id");

            client.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":" + id
                    + "}}");

            Json.Obj withdrawn = client.method("notifications/cancelled").object("params");
            assertEquals(question, withdrawn.get("requestId"));
        }
    }
}

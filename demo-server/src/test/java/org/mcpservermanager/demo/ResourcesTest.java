package org.mcpservermanager.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourcesTest {
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        client = TestClient.inProcess().initialize("2025-11-25", "{}");
    }

    @AfterEach
    void end() throws Exception {
        client.close();
    }

    private String read(String uri) throws Exception {
        Json.Arr contents = (Json.Arr)
                client.result("resources/read", "{\"uri\":\"" + uri + "\"}").get("contents");
        return ((Json.Obj) contents.items().get(0)).text("text");
    }

    @ParameterizedTest
    @CsvSource({
        "demo://greeting,'Hello, world!'",
        "demo://greeting/Ada,'Hello, Ada!'",
        "demo://greeting/Jos%C3%A9%20+%2F,'Hello, José +/!'",
        "demo://ticks,0"
    })
    void readsWhatIsThere(String uri, String text) throws Exception {
        assertEquals(text, read(uri));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo://nope",
                "demo://greeting/",
                "demo://greeting/a/b",
                "demo://greeting/a?b",
                "demo://greeting/%zz",
                ""
            })
    void saysThatAResourceIsNotThere(String uri) throws Exception {
        Json.Obj error = client.answer(client.request("resources/read", "{\"uri\":\"" + uri + "\"}"))
                .object("error");

        assertEquals("-32002", Json.text(error.get("code")));
        assertEquals(uri, error.object("data").text("uri"));
    }

    @Test
    void tellsASubscriberOfEveryTick() throws Exception {
        client.result("resources/subscribe", "{\"uri\":\"demo://ticks\"}");

        Json.Obj update = client.method("notifications/resources/updated").object("params");

        assertEquals("demo://ticks", update.text("uri"));
        assertTrue(Integer.parseInt(read("demo://ticks")) > 0);
        client.result("resources/unsubscribe", "{\"uri\":\"demo://ticks\"}");
    }

    @Test
    void tellsNobodyWithoutASubscription() throws Exception {
        client.tool("tick", "{}");

        assertEquals("1", read("demo://ticks"));
        assertTrue(client.rest().isEmpty(), () -> client.rest().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"type\":\"ref/resource\",\"uri\":\"demo://greeting/{name}\"};name;A;[\"Ada\",\"Alan\"]",
                "{\"type\":\"ref/prompt\",\"name\":\"greet\"};name;gr;[\"Grace\"]",
                "{\"type\":\"ref/prompt\",\"name\":\"greet\"};style;'';[\"casual\",\"formal\"]",
                "{\"type\":\"ref/prompt\",\"name\":\"greet\"};other;'';[]"
            })
    void completesArguments(String ref, String name, String value, String values) throws Exception {
        Json.Obj result = client.result(
                "completion/complete",
                "{\"ref\":" + ref + ",\"argument\":{\"name\":\"" + name + "\",\"value\":\"" + value + "\"}}");

        assertEquals(values, Json.text(result.object("completion").get("values")));
    }

    @Test
    void givesAPrompt() throws Exception {
        Json.Obj result = client.result(
                "prompts/get", "{\"name\":\"greet\",\"arguments\":{\"name\":\"Ada\",\"style\":\"formal\"}}");

        assertTrue(Json.text(result).contains("Write a formal greeting for Ada."), result::toString);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "prompts/get;{\"name\":\"nope\"}",
                "prompts/get;{\"name\":\"greet\"}",
                "prompts/get;{\"name\":\"greet\",\"arguments\":{\"name\":\"Ada\",\"style\":\"rude\"}}",
                "completion/complete;{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"nope\"},\"argument\":{\"name\":\"n\",\"value\":\"\"}}",
                "completion/complete;{}",
                "resources/read;{}"
            })
    void refusesInvalidParams(String method, String params) throws Exception {
        assertEquals("-32602", client.errorCode(method, params));
    }
}

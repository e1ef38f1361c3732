package org.mcpservermanager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mcpservermanager.gateway.Bench.request;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Phase;

class SearchToolsTest {
    private static final Bench.Where SEARCHING = new Bench.Where(Optional.empty(), new Scope("", true));
    private final Bench bench = new Bench();
    private FakeRouter.FakeServer git;
    private Bench.Front front;

    @BeforeEach
    void aClientWithASmallContext() {
        git = bench.router
                .add("git")
                .answers(
                        "tools/list",
                        "{\"tools\":[{\"name\":\"commit\",\"description\":\"Records changes.\",\"inputSchema\":{\"type\":\"object\"}},"
                                + "{\"name\":\"log\",\"description\":\"Shows each commit.\"},"
                                + "{\"name\":\"recommit\",\"description\":\"" + "x".repeat(500) + "\"}]}")
                .answers("tools/call", "{\"content\":[],\"structuredContent\":{\"n\":1.50}}");
        bench.becomes("git", Phase.RUNNING);
        front = bench.opened(
                new Bench.Front(SEARCHING, "anna", "application/json", Bench.BOTH, "", "", ""), "2025-11-25");
    }

    private String call(String name, String arguments) {
        return bench.call(front, "tools/call", "{\"name\":\"" + name + "\",\"arguments\":" + arguments + "}")
                .outcome();
    }

    private static List<String> found(String result) {
        return JsonText.elements(JsonText.member(JsonText.member(result, "structuredContent"), "tools")).stream()
                .map(tool -> RawJson.string(tool, "name"))
                .toList();
    }

    @Test
    void showsThreeTools() {
        String tools = JsonText.member(
                JsonText.member(bench.call(front, "tools/list", "{}").text(), "result"), "tools");
        assertEquals(
                List.of("search_tools", "describe_tool", "call_tool"),
                JsonText.elements(tools).stream()
                        .map(tool -> RawJson.string(tool, "name"))
                        .toList());
    }

    @Test
    void findsByNameBeforeDescription() {
        String result = call("search_tools", "{\"query\":\"Commit, please\"}");
        assertEquals(List.of("git__commit", "git__recommit", "git__log"), found(result));
        assertTrue(result.contains("\"total\":3"), result);
        assertTrue(result.length() < 1_600, result);
        assertEquals(List.of("git__commit"), found(call("search_tools", "{\"query\":\"commit\",\"limit\":1}")));
        assertEquals(List.of(), found(call("search_tools", "{\"query\":\"weather\"}")));
    }

    @Test
    void describesAToolInFull() {
        assertEquals(
                "{\"name\":\"git__commit\",\"description\":\"Records changes.\",\"inputSchema\":{\"type\":\"object\"}}",
                JsonText.member(call("describe_tool", "{\"name\":\"git__commit\"}"), "structuredContent"));
        assertTrue(call("describe_tool", "{\"name\":\"x\"}").contains("\"isError\":true"));
    }

    @Test
    void callsAToolAndPassesItsResultAsItIs() {
        assertEquals(
                "{\"content\":[],\"structuredContent\":{\"n\":1.50}}",
                call("call_tool", "{\"name\":\"git__commit\",\"arguments\":{\"m\":[1,2]}}"));
        assertEquals(
                "{\"name\":\"commit\",\"arguments\":{\"m\":[1,2]}}",
                git.received("tools/call").get(0).params());
        call("call_tool", "{\"name\":\"git__log\"}");
        assertEquals(
                "{\"name\":\"log\",\"arguments\":{}}",
                git.received("tools/call").get(1).params());
    }

    @Test
    void saysWhatIsWrongWithACall() {
        assertTrue(call("call_tool", "{\"name\":\"x\"}").contains("Find names by search_tools"));
        assertTrue(call("call_tool", "{\"name\":7}").contains("-32602"));
        assertTrue(call("call_tool", "{\"name\":\"git__log\",\"arguments\":[]}").contains("-32602"));
        assertEquals(List.of(), git.received("tools/call"));
    }

    @Test
    void questionsAndProgressOfTheToolReachTheClient() {
        git.holds("tools/call");
        FakeReply reply = bench.post(
                front,
                request(
                        "1",
                        "tools/call",
                        "{\"name\":\"call_tool\",\"arguments\":{\"name\":\"git__log\"},\"_meta\":{\"progressToken\":\"p\"}}"));
        git.last()
                .tell(parse(Bench.notification("notifications/progress", "{\"progressToken\":\"p\",\"progress\":1}")));
        git.last().ask(parse(request("7", "elicitation/create", "{}")));
        List<String> data = reply.sink.data();
        assertTrue(data.toString().contains("notifications/progress"), data.toString());
        assertTrue(data.toString().contains("elicitation/create"), data.toString());
        assertEquals("\"p\"", git.last().request().progressToken());
    }

    private static Message parse(String text) {
        return Gateway.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private String stateless(Bench.Front from, String method, String more) {
        return JsonText.member(bench.stateless(from, method, more).text(), "result");
    }

    @Test
    void statelessClientsFindAndCallToo() {
        Bench.Front searching = new Bench.Front(SEARCHING, "anna", "application/json", Bench.BOTH, "", "", "");
        String tools = stateless(searching, "tools/list", "");
        assertEquals(3, JsonText.elements(JsonText.member(tools, "tools")).size());
        assertTrue(tools.contains("\"ttlMs\":0"), tools);
        assertEquals(
                List.of("git__commit"),
                found(stateless(
                        searching,
                        "tools/call",
                        "\"name\":\"search_tools\",\"arguments\":{\"query\":\"commit\",\"limit\":1},")));

        String result = stateless(
                searching,
                "tools/call",
                "\"name\":\"call_tool\",\"arguments\":{\"name\":\"git__commit\",\"arguments\":{\"n\":1.50}},");

        assertTrue(result.contains("\"structuredContent\":{\"n\":1.50}"), result);
        assertTrue(result.contains("\"resultType\":\"complete\""), result);
        Message seen = git.received("tools/call").get(0);
        assertEquals("commit", seen.param("name"));
        assertEquals("{\"n\":1.50}", seen.rawParam("arguments"));
        String named = stateless(searching, "tools/call", "\"name\":\"git__log\",\"arguments\":{},");
        assertTrue(named.contains("\"resultType\":\"complete\""), named);
    }

    /** The arguments that a client repeats in headers are those of call_tool, which has none to repeat. */
    @Test
    void aToolThatWantsHeadersIsCalledWithoutThem() {
        git.answers(
                "tools/list",
                "{\"tools\":[{\"name\":\"commit\",\"inputSchema\":{\"properties\":{\"r\":{\"type\":\"string\","
                        + "\"x-mcp-header\":\"Region\"}}}}]}");
        bench.becomes("git", Phase.RUNNING);
        bench.timer.advance(Duration.ofSeconds(2));
        Bench.Front searching = new Bench.Front(SEARCHING, "anna", "application/json", Bench.BOTH, "", "", "");

        String result = stateless(
                searching,
                "tools/call",
                "\"name\":\"call_tool\",\"arguments\":{\"name\":\"git__commit\",\"arguments\":{\"r\":\"us\"}},");

        assertTrue(result.contains("\"resultType\":\"complete\""), result);
    }

    @Test
    void aQuestionOfASearchedToolIsAnsweredByTheRetry() {
        git.holds("tools/call");
        Bench.Front searching = new Bench.Front(SEARCHING, "anna", "application/json", Bench.BOTH, "", "", "");
        String call = "\"name\":\"call_tool\",\"arguments\":{\"name\":\"git__commit\",\"arguments\":{}},";
        FakeReply first = bench.stateless(searching, "tools/call", "{\"roots\":{}}", call, "");
        var answer = git.last().ask(Message.request("4", "roots/list", "")).toCompletableFuture();
        bench.timer.advance(Duration.ofMillis(40));
        String state = JsonText.member(JsonText.member(first.text(), "result"), "requestState");

        bench.stateless(
                searching,
                "tools/call",
                "{\"roots\":{}}",
                call + "\"requestState\":" + state + ",\"inputResponses\":{\"roots-1\":{\"roots\":[]}},",
                "");

        assertEquals("{\"roots\":[]}", answer.join().result());
    }
}

package org.mcpservermanager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.gateway.Bench.Front;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Phase;

class ModernAggregateTest {
    private final Bench bench = new Bench();
    private final FakeRouter.FakeServer one = bench.router.add("one");
    private final FakeRouter.FakeServer two = bench.router.add("two");
    private final Front front = Bench.all();

    @BeforeEach
    void run() {
        one.answers("tools/list", "{\"tools\":[{\"name\":\"t\",\"execution\":{}}]}")
                .answers("tools/call", "{\"content\":[\"one\"]}");
        two.answers("tools/list", "{\"tools\":[{\"name\":\"t\"}]}")
                .answers("prompts/list", "{\"prompts\":[{\"name\":\"p\"}]}")
                .answers("resources/list", "{\"resources\":[{\"uri\":\"a:b\",\"name\":\"r\"}]}")
                .answers("resources/read", "{\"contents\":[]}")
                .answers("completion/complete", "{\"completion\":{\"values\":[]}}");
        bench.becomes("one", Phase.RUNNING);
        bench.becomes("two", Phase.RUNNING);
        bench.timer.advance(Duration.ofSeconds(3));
    }

    @Test
    void discoversItself() {
        String text = bench.stateless(front, "server/discover", "").text();

        assertTrue(text.contains("\"supportedVersions\":[\"2026-07-28\"]"), text);
        assertTrue(text.contains("\"name\":\"mcp-server-manager\""), text);
        assertTrue(text.contains("Servers: one, two."), text);
    }

    @Test
    void listsComeFromMemory() {
        int before = one.received.size();

        String text = bench.stateless(front, "tools/list", "").text();

        assertTrue(text.contains("\"tools\":[{\"name\":\"one__t\"},{\"name\":\"two__t\"}]"), text);
        assertTrue(text.contains("\"ttlMs\":0,\"cacheScope\":\"private\""), text);
        assertEquals(before, one.received.size());
    }

    @Test
    void callsGoToTheOwnerUnderItsOwnName() {
        String text =
                bench.stateless(front, "tools/call", "\"name\":\"one__t\",").text();

        assertEquals("t", one.last().request().param("name"));
        assertTrue(text.contains("\"content\":[\"one\"]"), text);
        assertTrue(text.contains("\"io.modelcontextprotocol/serverInfo\":{\"name\":\"mcp-server-manager\""), text);
    }

    @Test
    void aQuestionIsAnsweredByTheRetryHereToo() {
        one.holds("tools/call");
        FakeReply first = bench.stateless(front, "tools/call", "{\"roots\":{}}", "\"name\":\"one__t\",", "");
        var answer = one.last().ask(Message.request("4", "roots/list", "")).toCompletableFuture();
        bench.timer.advance(Duration.ofMillis(40));
        String state = JsonText.member(JsonText.member(first.text(), "result"), "requestState");

        bench.stateless(
                front,
                "tools/call",
                "{\"roots\":{}}",
                "\"name\":\"one__t\",\"requestState\":" + state + ",\"inputResponses\":{\"roots-1\":{\"roots\":[]}},",
                "");

        assertEquals("{\"roots\":[]}", answer.join().result());
    }

    @Test
    void whatNobodyOwnsIsAnInvalidParameter() {
        assertTrue(bench.stateless(front, "tools/call", "\"name\":\"one__no\",")
                .text()
                .contains("-32602"));
        String missing =
                bench.stateless(front, "resources/read", "\"uri\":\"x:y\",").text();
        assertTrue(missing.contains("-32602") && missing.contains("{\"uri\":\"x:y\"}"), missing);
        assertEquals(404, bench.stateless(front, "no/such", "").status());
    }

    @Test
    void readsAndCompletesAtTheOwner() {
        assertTrue(bench.stateless(front, "resources/read", "\"uri\":\"a:b\",")
                .text()
                .contains("\"ttlMs\":0"));
        bench.stateless(
                front,
                "completion/complete",
                "\"ref\":{\"type\":\"ref/prompt\",\"name\":\"two__p\"},\"argument\":{\"name\":\"n\",\"value\":\"\"},");

        assertEquals(
                "{\"type\":\"ref/prompt\",\"name\":\"p\"}", two.last().request().rawParam("ref"));
    }

    @Test
    void listensOverAllServers() {
        FakeReply reply = bench.stateless(
                front,
                "subscriptions/listen",
                "\"notifications\":{\"toolsListChanged\":true,\"resourceSubscriptions\":[\"a:b\",\"x:y\"]},");
        assertTrue(
                reply.sink.data().get(0).contains("\"resourceSubscriptions\":[\"a:b\"]"),
                reply.sink.data().get(0));
        assertEquals(1, two.received("resources/subscribe").size());

        one.answers("tools/list", "{\"tools\":[]}");
        bench.saysChanged("one", "notifications/tools/list_changed");
        bench.timer.advance(Duration.ofSeconds(3));

        assertTrue(
                reply.sink.data().get(1).contains("tools/list_changed"),
                reply.sink.data().toString());
    }
}

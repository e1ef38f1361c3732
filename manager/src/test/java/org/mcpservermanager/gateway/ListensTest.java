package org.mcpservermanager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.gateway.Bench.Front;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Phase;

class ListensTest {
    private static final String WANTED = "\"notifications\":{\"toolsListChanged\":true,\"promptsListChanged\":true,"
            + "\"resourceSubscriptions\":[\"a:b\"]},";
    private final Bench bench = new Bench();
    private final FakeRouter.FakeServer server = bench.router.add("one");
    private final Front front = Bench.one("one");

    private FakeReply listen(String more) {
        server.capabilities = "{\"tools\":{\"listChanged\":true},\"prompts\":{},\"resources\":{\"subscribe\":true}}";
        return bench.stateless(front, "subscriptions/listen", more);
    }

    private void says(String method, String params) {
        bench.router.attached.stream().distinct().forEach(client -> client.tell(Message.notification(method, params)));
    }

    private int sent(String method) {
        return server.received(method).size();
    }

    @Test
    void acknowledgesFirstWhatTheServerCanTell() {
        FakeReply reply = listen(WANTED);

        assertEquals(
                List.of("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/subscriptions/acknowledged\",\"params\":{"
                        + "\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":100},"
                        + "\"notifications\":{\"toolsListChanged\":true,\"resourceSubscriptions\":[\"a:b\"]}}}"),
                reply.sink.data());
        assertEquals(1, sent("resources/subscribe"));
    }

    @Test
    void tellsWhatWasAskedForAndNothingElse() {
        FakeReply reply = listen(WANTED);

        says("notifications/tools/list_changed", "");
        says("notifications/prompts/list_changed", "");
        says("notifications/resources/list_changed", "");
        says("notifications/resources/updated", "{\"uri\":\"a:b\"}");
        says("notifications/resources/updated", "{\"uri\":\"c:d\"}");
        says("notifications/message", "{\"level\":\"error\",\"data\":1}");

        List<String> told = reply.sink.data().subList(1, reply.sink.events.size());
        assertEquals(2, told.size(), told.toString());
        assertTrue(told.get(0).contains("tools/list_changed"));
        assertTrue(told.get(1).contains("\"uri\":\"a:b\""));
        assertTrue(told.stream().allMatch(each -> each.contains("\"io.modelcontextprotocol/subscriptionId\":100")));
    }

    @Test
    void otherCallersHearNothingOfIt() {
        FakeReply reply = listen(WANTED);
        bench.stateless(front.caller("bert"), "subscriptions/listen", "\"notifications\":{},");

        bench.router
                .attached
                .get(bench.router.attached.size() - 1)
                .tell(Message.notification("notifications/tools/list_changed", ""));

        assertEquals(1, reply.sink.events.size());
    }

    @Test
    void theLastToCloseUnsubscribes() {
        FakeReply one = listen(WANTED);
        FakeReply two = listen(WANTED);
        assertEquals(1, sent("resources/subscribe"));

        one.sink.disconnect();
        assertEquals(0, sent("resources/unsubscribe"));
        two.sink.disconnect();

        assertEquals(1, sent("resources/unsubscribe"));
    }

    @Test
    void aServerThatStopsEndsItWithAResult() {
        FakeReply reply = listen(WANTED);

        bench.becomes("one", Phase.STOPPED);

        assertFalse(reply.sink.open);
        assertTrue(reply.sink
                .data()
                .get(1)
                .endsWith("\"id\":100,\"result\":{\"resultType\":\"complete\","
                        + "\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":100}}}"));
    }

    @Test
    void theEndOfTheManagerEndsItWithAResult() {
        FakeReply reply = listen(WANTED);

        bench.gateway.close();

        assertTrue(reply.sink.data().get(1).contains("\"resultType\":\"complete\""));
    }

    @Test
    void aFilterThatIsNoneIsRefused() {
        assertEquals(400, listen("").status());
        assertEquals(
                400,
                listen("\"notifications\":{\"resourceSubscriptions\":\"a:b\"},").status());
        assertEquals(
                406,
                bench.stateless(front.accept("application/json"), "subscriptions/listen", WANTED)
                        .status());
    }
}

package org.mcpservermanager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.gateway.Bench.Front;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.Phase;

/** What stateless clients hear of their tasks at a server of 2025-11-25. */
class BridgedTaskNewsTest {
    private static final String EXTENSION = "\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}";
    private static final String ABLE = "{\"elicitation\":{}," + EXTENSION + "}";
    private static final String YES = "{\"action\":\"accept\",\"content\":{}}";
    private static final Duration A_MOMENT = Duration.ofMillis(50);
    private final Bench bench = new Bench();
    private final FakeRouter.FakeServer server = bench.router.add("one");
    private final Front front = Bench.one("one");

    @BeforeEach
    void aServerWithTasks() {
        server.capabilities = "{\"tools\":{},\"tasks\":{\"cancel\":{},\"requests\":{\"tools\":{\"call\":{}}}}}";
        server.answers("tools/list", "{\"tools\":[{\"name\":\"may\",\"execution\":{\"taskSupport\":\"optional\"}}]}")
                .answers("tools/call", "{\"task\":" + task("working") + "}")
                .answers("tasks/get", task("working"))
                .holds("tasks/result")
                .answers("tasks/cancel", task("cancelled"));
        bench.becomes("one", Phase.RUNNING);
        bench.timer.advance(Duration.ofSeconds(3));
        server.received.clear();
    }

    private static String task(String status) {
        return "{\"taskId\":\"t1\",\"status\":\"" + status
                + "\",\"createdAt\":\"2026-01-01T00:00:00Z\",\"lastUpdatedAt\":\"2026-01-01T00:00:01Z\",\"ttl\":60000,"
                + "\"pollInterval\":1000}";
    }

    private static String result(FakeReply reply) {
        return JsonText.member(reply.text(), "result");
    }

    /** Its id, as raw JSON. */
    private String created(Front who) {
        String name = who.endpoint().server().isPresent() ? "may" : "one__may";
        return JsonText.member(
                result(bench.stateless(who, "tools/call", ABLE, "\"name\":\"" + name + "\",", "")), "taskId");
    }

    private FakeReply listen(Front who, String... ids) {
        return bench.stateless(
                who,
                "subscriptions/listen",
                ABLE,
                "\"notifications\":{\"taskIds\":[" + String.join(",", ids) + "]},",
                "");
    }

    private static List<String> told(FakeReply listen) {
        return listen.sink.data().stream()
                .skip(1)
                .map(each -> JsonText.member(each, "params"))
                .toList();
    }

    private List<String> statuses(FakeReply listen) {
        bench.timer.advance(A_MOMENT);
        return told(listen).stream().map(task -> RawJson.string(task, "status")).toList();
    }

    private Exchange open(String method) {
        return server.received.stream()
                .filter(exchange -> exchange.request().method().equals(method))
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    private Client standin() {
        return open("tools/call").client();
    }

    private void serverSays(String status) {
        standin().tell(Message.notification("notifications/tasks/status", task(status)));
    }

    private CompletableFuture<Message> ask() {
        return open("tasks/result")
                .ask(Message.request("7", "elicitation/create", "{\"message\":\"m\",\"requestedSchema\":{}}"))
                .toCompletableFuture();
    }

    @Test
    void acknowledgesTheTasksOfTheCallerAndTellsHowTheyAre() {
        String id = created(front);
        FakeReply listen = listen(front, id, "\"t1\"");

        String acknowledged = JsonText.member(listen.sink.data().get(0), "params");
        assertEquals("{\"taskIds\":[" + id + "]}", JsonText.member(acknowledged, "notifications"));
        bench.timer.advance(A_MOMENT);
        String first = listen.sink.data().get(1);
        assertEquals("\"notifications/tasks\"", JsonText.member(first, "method"));
        String subscription = JsonText.member(JsonText.member(first, "params"), "_meta");
        assertTrue(subscription.matches("\\{\"io.modelcontextprotocol/subscriptionId\":\\d+}"), subscription);
        assertEquals(
                "{\"_meta\":" + subscription + ",\"taskId\":" + id
                        + ",\"status\":\"working\",\"createdAt\":\"2026-01-01T00:00:00Z\","
                        + "\"lastUpdatedAt\":\"2026-01-01T00:00:01Z\",\"ttlMs\":60000,\"pollIntervalMs\":1000}",
                told(listen).get(0));
    }

    @Test
    void tellsWhatTheServerSaysAndTheResultWithIt() {
        FakeReply listen = listen(front, created(front));
        assertEquals(List.of("working"), statuses(listen));
        server.answers("tasks/result", "{\"content\":[]}");

        serverSays("completed");

        assertEquals(List.of("working", "completed"), statuses(listen));
        assertEquals(
                "{\"content\":[],\"resultType\":\"complete\",\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{}}}",
                JsonText.member(told(listen).get(1), "result"));
        assertTrue(listen.sink.open, "there may be more to hear of");
    }

    @Test
    void tellsOfQuestionsThatAreAskedAndAnswered() {
        String id = created(front);
        FakeReply listen = listen(front, id);
        statuses(listen);
        serverSays("input_required");
        CompletableFuture<Message> answer = ask();

        assertEquals(List.of("working", "input_required"), statuses(listen));
        assertTrue(JsonText.member(told(listen).get(1), "inputRequests").contains("\"elicitation-1\""));
        bench.stateless(
                front,
                "tasks/update",
                ABLE,
                "\"taskId\":" + id + ",\"inputResponses\":{\"elicitation-1\":" + YES + "},",
                "");

        assertEquals(YES, answer.join().result());
        assertEquals(List.of("working", "input_required", "working"), statuses(listen));
    }

    @Test
    void asksAServerThatSaysNothingOfItselfUntilNobodyListens() {
        FakeReply listen = listen(front, created(front));
        statuses(listen);
        server.answers("tasks/get", task("failed"));
        server.handlers.put(
                "tasks/result", exchange -> exchange.complete(Message.error("1", RpcError.of(-32603, "it broke"))));
        bench.timer.advance(Duration.ofSeconds(1));
        assertEquals(List.of("working", "failed"), statuses(listen));

        server.answers("tasks/get", task("working"));
        FakeReply second = listen(front, created(front));
        statuses(second);
        second.sink.disconnect();
        server.received.clear();
        bench.timer.advance(Duration.ofSeconds(10));
        assertEquals(List.of(), server.received("tasks/get"));
    }

    @Test
    void aTaskThatIsOverIsToldOnce() {
        String id = created(front);
        bench.stateless(front, "tasks/cancel", ABLE, "\"taskId\":" + id + ",", "");
        FakeReply listen = listen(front, id);
        assertEquals(List.of("cancelled"), statuses(listen));
        bench.timer.advance(Duration.ofSeconds(10));
        assertEquals(List.of("cancelled"), statuses(listen));
    }

    @Test
    void aReaderThatIsBehindIsToldTheLatestStateWhenItHasRead() {
        FakeReply listen = listen(front, created(front));
        statuses(listen);
        listen.sink.behind = true;
        serverSays("input_required");
        ask();
        assertEquals(List.of("working"), statuses(listen));
        server.answers("tasks/get", task("cancelled"));
        serverSays("cancelled");
        bench.timer.advance(Duration.ofSeconds(1));
        assertEquals(List.of("working"), statuses(listen));

        listen.sink.behind = false;
        bench.timer.advance(Duration.ofMillis(500));

        assertEquals(List.of("working", "cancelled"), statuses(listen));
    }

    @Test
    void sameNewsAreNoNews() {
        FakeReply listen = listen(front, created(front));
        for (int i = 0; i < 100; i++) {
            serverSays("working");
        }
        assertEquals(List.of("working"), statuses(listen));
        bench.timer.advance(Duration.ofSeconds(10));
        assertEquals(List.of("working"), statuses(listen));
    }

    @Test
    void othersHearNothingOfIt() {
        String id = created(front);
        FakeReply listen = listen(front.caller("bert"), id);
        serverSays("completed");
        assertEquals(List.of(), statuses(listen));
        assertEquals("{}", JsonText.member(JsonText.member(listen.sink.data().get(0), "params"), "notifications"));
    }

    @Test
    void whoDoesNotDeclareTasksIsRefused() {
        String id = created(front);
        FakeReply refused = bench.stateless(
                front, "subscriptions/listen", "{}", "\"notifications\":{\"taskIds\":[" + id + "]},", "");
        assertEquals(400, refused.status());
        assertTrue(refused.text().contains("\"code\":-32021"), refused.text());
        FakeReply nothing =
                bench.stateless(front, "subscriptions/listen", "{}", "\"notifications\":{\"taskIds\":[]},", "");
        assertFalse(nothing.sink.data().isEmpty());
    }

    @Test
    void overAllServersTasksAreHeardOfToo() {
        FakeReply listen = listen(Bench.all(), created(Bench.all()));
        server.answers("tasks/result", "{\"content\":[]}");
        serverSays("completed");
        assertEquals(List.of("completed"), statuses(listen));
    }
}

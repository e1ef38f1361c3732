package org.mcpservermanager.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Meta;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.transport.ScriptedLink;

/** What legacy clients hear of their tasks at a modern server. */
class TaskNewsTest {
    private static final String DISCOVERED =
            "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"supportedVersions\":[\"2026-07-28\"],"
                    + "\"capabilities\":{\"tools\":{},\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}}}";
    private static final String TIMES =
            "\"createdAt\":\"2026-01-01T00:00:00Z\",\"lastUpdatedAt\":\"2026-01-01T00:00:01Z\"";
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final ScriptedLink link = new ScriptedLink();
    private final TestClient client = new TestClient();
    private final Heard heard = new Heard();
    private ModernConversation conversation;

    @BeforeEach
    void open() throws Exception {
        Terms terms = new Terms(
                new ServerId("srv"),
                TestClient.ASKABLE,
                new Owner.Shared(),
                heard,
                timer,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60));
        CompletableFuture<Conversation> opening =
                ModernConversation.open(link, terms).toCompletableFuture();
        link.receive(DISCOVERED);
        conversation = (ModernConversation) opening.get(10, TimeUnit.SECONDS);
        link.sent().clear();
    }

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    private static String task(String id, String status, String more) {
        return "\"taskId\":\"" + id + "\",\"status\":\"" + status + "\"," + TIMES
                + ",\"ttlMs\":60000,\"pollIntervalMs\":50" + more;
    }

    private static String shown(String id, String status) {
        return "{\"taskId\":\"" + id + "\"," + TIMES + ",\"status\":\"" + status
                + "\",\"ttl\":60000,\"pollInterval\":50}";
    }

    private void answer(Message request, String result) {
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":" + request.id() + ",\"result\":" + result + "}");
    }

    private Message last(String method) {
        return link.sent().stream()
                .filter(message -> message.method().equals(method))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private long count(String method) {
        return link.sent().stream()
                .filter(message -> message.method().equals(method))
                .count();
    }

    private TestExchange creates(TestClient whose, String id) {
        TestExchange call = new TestExchange(
                whose,
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"t\",\"task\":{}}}");
        conversation.begin(call);
        answer(last("tools/call"), "{\"resultType\":\"task\"," + task(id, "working", "") + "}");
        return call;
    }

    private static String ids(Message listen) {
        return JsonText.member(listen.rawParam("notifications"), "taskIds");
    }

    private void acknowledge(Message listen, String granted) {
        says(listen, "notifications/subscriptions/acknowledged", "\"notifications\":" + granted);
    }

    private void says(Message listen, String method, String params) {
        link.receive("{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":{" + params
                + ",\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":" + listen.id() + "}}}");
    }

    private Message listened(String... granted) {
        Message listen = last("subscriptions/listen");
        acknowledge(listen, "{\"taskIds\":[\"" + String.join("\",\"", granted) + "\"]}");
        return listen;
    }

    private static List<String> told(TestClient whose) {
        return whose.told.stream()
                .map(each -> each.method() + " " + each.params())
                .toList();
    }

    @Test
    void aTaskIsSubscribedToAndItsNewsAreTheClientsOnly() {
        TestClient other = new TestClient();
        creates(client, "t1");
        Message listen = listened("t1");
        assertEquals("[\"t1\"]", ids(listen));
        assertTrue(listen.rawParam("_meta").contains(Meta.TASKS_EXTENSION));

        says(listen, "notifications/tasks", task("t1", "input_required", ",\"inputRequests\":{}"));
        says(listen, "notifications/tasks", task("t1", "input_required", ",\"inputRequests\":{}"));
        says(listen, "notifications/tasks", task("t2", "working", ""));

        assertEquals(List.of("notifications/tasks/status " + shown("t1", "input_required")), told(client));
        assertEquals(List.of(), told(other));
        assertEquals(List.of(), heard.notifications);
    }

    @Test
    void theEndIsToldAndEndsTheSubscription() throws Exception {
        creates(client, "t1");
        Message listen = listened("t1");

        says(listen, "notifications/tasks", task("t1", "completed", ",\"result\":{\"content\":[]}"));

        assertEquals(List.of("notifications/tasks/status " + shown("t1", "completed")), told(client));
        assertEquals(listen.id(), last("notifications/cancelled").rawParam("requestId"));
        TestExchange result = new TestExchange(
                client, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tasks/result\",\"params\":{\"taskId\":\"t1\"}}");
        long asked = count("tasks/get");
        conversation.begin(result);
        assertTrue(result.outcome().result().contains("\"content\":[]"));
        assertEquals(asked, count("tasks/get"), "the news had the result");
    }

    @Test
    void whatHappenedBeforeTheAcknowledgmentIsAskedFor() {
        creates(client, "t1");
        listened("t1");

        answer(last("tasks/get"), "{\"resultType\":\"complete\"," + task("t1", "cancelled", "") + "}");

        assertEquals(List.of("notifications/tasks/status " + shown("t1", "cancelled")), told(client));
    }

    @Test
    void moreTasksAreAnotherSubscriptionAndTheOldOneEndsAfterIt() {
        creates(client, "t1");
        Message first = listened("t1");
        TestClient other = new TestClient();
        creates(other, "t2");
        Message second = last("subscriptions/listen");
        assertEquals(2, JsonText.elements(ids(second)).size());
        assertEquals(0, count("notifications/cancelled"));

        acknowledge(second, "{\"taskIds\":[\"t1\",\"t2\"]}");

        assertEquals(first.id(), last("notifications/cancelled").rawParam("requestId"));
        says(second, "notifications/tasks", task("t2", "failed", ",\"error\":{\"code\":-1,\"message\":\"\"}"));
        assertEquals(List.of(), told(client));
        assertEquals(List.of("notifications/tasks/status " + shown("t2", "failed")), told(other));
    }

    @Test
    void aServerThatGrantsNoneIsNotAskedAgain() {
        creates(client, "t1");
        acknowledge(last("subscriptions/listen"), "{}");
        assertEquals(1, count("notifications/cancelled"));
        creates(client, "t2");
        assertEquals(1, count("subscriptions/listen"));
    }

    @Test
    void aServerThatRefusesIsNotAskedAgain() {
        creates(client, "t1");
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":"
                + last("subscriptions/listen").id() + ",\"error\":{\"code\":-32602,\"message\":\"taskIds\"}}");
        creates(client, "t2");
        assertEquals(1, count("subscriptions/listen"));
    }

    @Test
    void anEndWithoutItsResultIsAskedFor() {
        creates(client, "t1");
        Message listen = listened("t1");
        answer(last("tasks/get"), "{\"resultType\":\"complete\"," + task("t1", "working", "") + "}");

        says(listen, "notifications/tasks", task("t1", "completed", ""));
        assertEquals(List.of(), told(client));
        answer(
                last("tasks/get"),
                "{\"resultType\":\"complete\"," + task("t1", "completed", ",\"result\":{\"content\":[]}") + "}");

        assertEquals(List.of("notifications/tasks/status " + shown("t1", "completed")), told(client));
    }

    @Test
    void aClientThatIsGoneEndsIt() {
        creates(client, "t1");
        Message listen = listened("t1");
        client.gone = true;

        says(listen, "notifications/tasks", task("t1", "input_required", ",\"inputRequests\":{}"));

        assertEquals(List.of(), told(client));
        assertEquals(listen.id(), last("notifications/cancelled").rawParam("requestId"));
    }

    @Test
    void aCallThatWasAnsweredAtOnceIsNotSubscribedTo() {
        conversation.begin(new TestExchange(
                client,
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"t\",\"task\":{}}}"));
        answer(last("tools/call"), "{\"resultType\":\"complete\",\"content\":[]}");
        assertEquals(0, count("subscriptions/listen"));
    }
}

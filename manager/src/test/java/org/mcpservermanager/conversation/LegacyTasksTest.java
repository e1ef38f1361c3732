package org.mcpservermanager.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.transport.ScriptedLink;

/** Tasks of 2025-11-25 before a modern server that has them as an extension. */
class LegacyTasksTest {
    private static final String EXTENSION = "\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}";
    private static final String DISCOVERED =
            "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"supportedVersions\":[\"2026-07-28\"],"
                    + "\"capabilities\":{\"tools\":{}," + EXTENSION + "}}}";
    private static final String TIMES =
            "\"createdAt\":\"2026-01-01T00:00:00Z\",\"lastUpdatedAt\":\"2026-01-01T00:00:01Z\"";
    private static final String RELATED = "\"io.modelcontextprotocol/related-task\":{\"taskId\":\"t1\"}";
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final ScriptedLink link = new ScriptedLink();
    private final TestClient client = new TestClient();
    private ModernConversation conversation;

    @BeforeEach
    void open() throws Exception {
        Terms terms = new Terms(
                new ServerId("srv"),
                TestClient.ASKABLE,
                new Owner.Shared(),
                new Heard(),
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

    private TestExchange begun(TestClient whose, String method, String params) {
        TestExchange call = new TestExchange(
                whose, "{\"jsonrpc\":\"2.0\",\"id\":\"own\",\"method\":\"" + method + "\",\"params\":" + params + "}");
        conversation.begin(call);
        return call;
    }

    private TestExchange about(String method) {
        return begun(client, method, "{\"taskId\":\"t1\"}");
    }

    private void answer(String result) {
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":" + link.lastSent().id() + ",\"result\":" + result + "}");
    }

    private static String told(String status, String more) {
        return "{\"resultType\":\"complete\",\"taskId\":\"t1\",\"status\":\"" + status + "\"," + TIMES
                + ",\"ttlMs\":60000,\"pollIntervalMs\":50" + more
                + ",\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{}}}";
    }

    private static String shown(String status) {
        return "{\"taskId\":\"t1\"," + TIMES + ",\"status\":\"" + status + "\",\"ttl\":60000,\"pollInterval\":50}";
    }

    private TestExchange created() throws Exception {
        TestExchange call = begun(client, "tools/call", "{\"name\":\"t\",\"task\":{\"ttl\":5}}");
        answer(told("working", "").replace("complete", "task"));
        assertEquals("{\"task\":" + shown("working") + "}", call.outcome().result());
        return call;
    }

    private void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, () -> "sent: " + link.sent());
            Thread.onSpinWait();
        }
    }

    private void untilSent(String method, int times) {
        until(() -> List.copyOf(link.sent()).stream()
                        .filter(message -> message.method().equals(method))
                        .count()
                == times);
    }

    @Test
    void theServersExtensionIsACapability() {
        String capabilities = JsonText.member(conversation.peer().initializeResult(), "capabilities");
        assertEquals(
                "{\"tasks\":{\"list\":{},\"cancel\":{},\"requests\":{\"tools\":{\"call\":{}}}},\"tools\":{}}",
                capabilities);
    }

    @Test
    void everyToolMayBeCalledAsATask() throws Exception {
        TestExchange list = begun(client, "tools/list", "{}");
        answer("{\"tools\":[{\"name\":\"t\"}],\"ttlMs\":1}");
        assertEquals(
                "{\"tools\":[{\"execution\":{\"taskSupport\":\"optional\"},\"name\":\"t\"}]}",
                list.outcome().result());
    }

    @Test
    void onlyACallThatAsksForATaskDeclaresThem() throws Exception {
        begun(client, "tools/call", "{\"name\":\"t\"}");
        assertFalse(link.lastSent().params().contains(EXTENSION));
        created();
        Message sent = link.sent().get(1);
        assertTrue(sent.params().contains(EXTENSION), sent.params());
        assertEquals("", sent.rawParam("task"));
    }

    @Test
    void clientsBeforeTasksHaveNone() throws Exception {
        TestClient old = new TestClient(new Profile("2025-06-18", "{}", "{}", false));
        begun(old, "tools/call", "{\"name\":\"t\",\"task\":{}}");
        assertFalse(link.lastSent().params().contains(EXTENSION));
        assertEquals(
                "-32601",
                JsonText.member(begun(old, "tasks/list", "{}").outcome().error(), "code"));
    }

    @Test
    void aTaskIsToldInItsForm() throws Exception {
        created();
        TestExchange get = about("tasks/get");
        assertTrue(link.lastSent().params().startsWith("{\"taskId\":\"t1\",\"_meta\":{"));
        assertTrue(link.lastSent().params().contains(EXTENSION));
        answer(told("input_required", ",\"inputRequests\":{}"));
        assertEquals(shown("input_required"), get.outcome().result());
        TestExchange failed = about("tasks/get");
        answer(told("completed", ",\"result\":{\"isError\":true}"));
        assertEquals(shown("failed"), failed.outcome().result());
    }

    @Test
    void aTaskIsItsClientsOnly() throws Exception {
        created();
        int before = link.sent().size();
        for (String method : List.of("tasks/get", "tasks/result", "tasks/cancel")) {
            TestExchange other = begun(new TestClient(), method, "{\"taskId\":\"t1\"}");
            assertEquals("-32602", JsonText.member(other.outcome().error(), "code"));
        }
        assertEquals(
                "{\"tasks\":[]}",
                begun(new TestClient(), "tasks/list", "{}").outcome().result());
        assertEquals(before, link.sent().size());
    }

    /** Once as the server's task, once as one of ours. */
    @Test
    void theResultIsThatOfTheCall() throws Exception {
        created();
        TestExchange result = about("tasks/result");
        answer(told("working", ""));
        untilSent("tasks/get", 2);
        answer(told("completed", ",\"result\":{\"resultType\":\"complete\",\"content\":[],\"structuredContent\":[1]}"));
        assertEquals(
                "{\"_meta\":{" + RELATED + "},\"content\":[],\"structuredContent\":{\"result\":[1]}}",
                result.outcome().result());

        TestExchange atOnce = begun(client, "tools/call", "{\"name\":\"t\",\"task\":{}}");
        answer("{\"resultType\":\"complete\",\"content\":[],\"structuredContent\":[1]}");
        String task = JsonText.member(atOnce.outcome().result(), "task");
        assertEquals("\"working\"", JsonText.member(task, "status"));
        String id = JsonText.member(task, "taskId");
        String params = "{\"taskId\":" + id + "}";
        assertEquals(
                "\"completed\"",
                JsonText.member(begun(client, "tasks/get", params).outcome().result(), "status"));
        assertEquals(
                "{\"_meta\":{" + RELATED.replace("\"t1\"", id)
                        + "},\"content\":[],\"structuredContent\":{\"result\":[1]}}",
                begun(client, "tasks/result", params).outcome().result());
        assertEquals(
                "-32602",
                JsonText.member(begun(client, "tasks/cancel", params).outcome().error(), "code"));
    }

    @Test
    void whatFailedIsAnError() throws Exception {
        created();
        TestExchange result = about("tasks/result");
        answer(told("failed", ",\"error\":{\"code\":-32000,\"message\":\"broke\",\"data\":{\"a\":1}}"));
        assertEquals(
                "{\"code\":-32000,\"message\":\"broke\",\"data\":{\"a\":1}}",
                result.outcome().error());
    }

    @Test
    void whatTheTaskAsksIsPutToWhoWaitsForTheResult() throws Exception {
        created();
        String asks = ",\"inputRequests\":{\"k\":{\"method\":\"elicitation/create\",\"params\":"
                + "{\"message\":\"m\",\"requestedSchema\":{}}}}";
        TestExchange result = about("tasks/result");
        answer(told("input_required", asks));

        assertEquals("elicitation/create", result.asked.get(0).method());
        assertEquals("{" + RELATED + "}", result.asked.get(0).rawParam("_meta"));
        untilSent("tasks/update", 1);
        assertTrue(
                link.lastSent().params().startsWith("{\"taskId\":\"t1\",\"inputResponses\":{\"k\":{\"by\":\"call\"}},"),
                link.lastSent().params());

        answer("{\"resultType\":\"complete\"}");
        untilSent("tasks/get", 2);
        answer(told("input_required", asks)); // the server is not yet there
        untilSent("tasks/get", 3);
        answer(told("completed", ",\"result\":{\"content\":[]}"));
        assertEquals(
                "{\"_meta\":{" + RELATED + "},\"content\":[]}", result.outcome().result());
        assertEquals(1, result.asked.size());
    }

    @Test
    void aCancelledTaskIsCancelledAtOnce() throws Exception {
        created();
        TestExchange cancel = about("tasks/cancel");
        answer(told("working", ""));
        assertEquals("tasks/cancel", link.lastSent().method());
        answer("{\"resultType\":\"complete\"}");
        assertEquals(shown("cancelled"), cancel.outcome().result());
        int before = link.sent().size();
        assertEquals(shown("cancelled"), about("tasks/get").outcome().result());
        assertEquals("-32603", JsonText.member(about("tasks/result").outcome().error(), "code"));
        assertEquals("-32602", JsonText.member(about("tasks/cancel").outcome().error(), "code"));
        assertEquals(before, link.sent().size());
    }

    @Test
    void theListIsOfTheClientsTasksAsTheyAre() throws Exception {
        created();
        TestExchange list = begun(client, "tasks/list", "{}");
        answer(told("completed", ",\"result\":{}"));
        assertEquals("{\"tasks\":[" + shown("completed") + "]}", list.outcome().result());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-1"})
    void aCursorThatIsNotOursIsRefused(String cursor) throws Exception {
        TestExchange list = begun(client, "tasks/list", "{\"cursor\":\"" + cursor + "\"}");
        assertEquals("-32602", JsonText.member(list.outcome().error(), "code"));
    }

    @Test
    void whoCancelsTheWaitStopsTheAsking() throws Exception {
        created();
        TestExchange result = new TestExchange(
                client,
                "{\"jsonrpc\":\"2.0\",\"id\":\"own\",\"method\":\"tasks/result\",\"params\":{\"taskId\":\"t1\"}}");
        Call call = conversation.begin(result);
        answer(told("working", ""));
        call.cancel("enough");
        int before = link.sent().size();
        timer.schedule(() -> {}, 200, TimeUnit.MILLISECONDS).get(10, TimeUnit.SECONDS);
        assertEquals(before, link.sent().size());
        assertEquals(0, result.completions.get());
    }
}

package org.mcpservermanager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.gateway.Bench.Front;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.Phase;

/** Tasks of 2025-11-25 for stateless clients, which know them as an extension. */
class BridgedTasksTest {
    private static final String EXTENSION = "\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}";
    private static final String ABLE = "{\"elicitation\":{}," + EXTENSION + "}";
    private static final String YES = "{\"action\":\"accept\",\"content\":{}}";
    private final Bench bench = new Bench();
    private final FakeRouter.FakeServer server = bench.router.add("one");
    private final Front front = Bench.one("one");

    @BeforeEach
    void aServerWithTasks() {
        server.capabilities = "{\"tools\":{},\"tasks\":{\"cancel\":{},\"requests\":{\"tools\":{\"call\":{}}}}}";
        server.answers(
                        "tools/list",
                        "{\"tools\":[{\"name\":\"may\",\"execution\":{\"taskSupport\":\"optional\"}},"
                                + "{\"name\":\"must\",\"execution\":{\"taskSupport\":\"required\"}},{\"name\":\"never\"}]}")
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
                + "\"pollInterval\":50}";
    }

    private FakeReply send(Front who, String method, String capabilities, String more) {
        return bench.stateless(who, method, capabilities, more, "");
    }

    private String create(String tool) {
        String created =
                send(front, "tools/call", ABLE, "\"name\":\"" + tool + "\",").outcome();
        assertEquals("\"task\"", JsonText.member(created, "resultType"), created);
        return "\"taskId\":" + JsonText.member(created, "taskId") + ",";
    }

    private FakeReply about(String method, String id) {
        return send(front, method, ABLE, id);
    }

    private static String status(String task) {
        return RawJson.string(task, "status");
    }

    private CompletableFuture<Message> ask(int id) {
        Message question = Message.request(
                Integer.toString(id), "elicitation/create", "{\"message\":\"m\",\"requestedSchema\":{}}");
        return open("tasks/result").ask(question).toCompletableFuture();
    }

    private Exchange open(String method) {
        return server.received.stream()
                .filter(exchange -> exchange.request().method().equals(method))
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    @Test
    void theExtensionIsOfferedForAServerThatHasTasks() {
        String discovered = send(front, "server/discover", "{}", "").outcome();
        assertTrue(discovered.contains("\"capabilities\":{\"tools\":{}," + EXTENSION + "}"), discovered);

        server.capabilities = "{\"tools\":{},\"tasks\":{\"list\":{}}}";
        assertFalse(send(front, "server/discover", "{}", "").outcome().contains("tasks"));
        assertEquals(404, about("tasks/get", "\"taskId\":\"t1\",").status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"may", "must"})
    void aCallBecomesATaskInTheNewForm(String tool) {
        String created = send(front, "tools/call", ABLE, "\"name\":\"" + tool + "\",\"task\":{\"ttl\":1},")
                .outcome();

        assertEquals("{\"ttl\":3600000}", server.received("tools/call").get(0).rawParam("task"));
        String id = JsonText.member(created, "taskId");
        assertNotEquals("\"t1\"", id);
        assertEquals(
                "{\"taskId\":" + id + ",\"status\":\"working\",\"createdAt\":\"2026-01-01T00:00:00Z\","
                        + "\"lastUpdatedAt\":\"2026-01-01T00:00:01Z\",\"ttlMs\":60000,\"pollIntervalMs\":50,"
                        + "\"resultType\":\"task\",\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{}}}",
                created);
        assertEquals(
                "working", status(about("tasks/get", "\"taskId\":" + id + ",").outcome()));
        assertEquals("t1", server.received("tasks/get").get(0).param("taskId"));
    }

    @Test
    void whoDoesNotKnowTasksGetsNone() {
        server.answers("tools/call", "{\"content\":[]}");
        assertTrue(send(front, "tools/call", "{}", "\"name\":\"may\",\"task\":{},")
                .outcome()
                .contains("\"resultType\":\"complete\""));
        assertTrue(send(front, "tools/call", ABLE, "\"name\":\"never\",\"task\":{},")
                .outcome()
                .contains("\"resultType\":\"complete\""));
        for (Message call : server.received("tools/call")) {
            assertEquals("", call.rawParam("task"));
        }
    }

    /** And questions are parked as within any call. */
    @Test
    void aToolThatMustBeATaskIsWaitedForWhereTheClientKnowsNone() {
        FakeReply reply = send(front, "tools/call", "{\"elicitation\":{}}", "\"name\":\"must\",");
        assertNull(reply.answer);
        CompletableFuture<Message> answer = ask(7);
        bench.timer.advance(Duration.ofMillis(40));
        String state = JsonText.member(reply.outcome(), "requestState");

        FakeReply retry = send(
                front,
                "tools/call",
                "{\"elicitation\":{}}",
                "\"name\":\"must\",\"requestState\":" + state + ",\"inputResponses\":{\"elicitation-1\":" + YES + "},");
        assertEquals(YES, answer.join().result());
        open("tasks/result")
                .complete(Message.result(
                        "1",
                        "{\"content\":[],\"_meta\":{\"io.modelcontextprotocol/related-task\":{\"taskId\":\"t1\"}}}"));

        assertEquals(
                "{\"content\":[],\"resultType\":\"complete\",\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{}}}",
                retry.outcome());
        assertEquals(1, server.received("tools/call").size());
    }

    @Test
    void whatTheTaskAsksIsAnsweredByAnUpdate() {
        String id = create("may");
        server.answers("tasks/get", task("input_required"));
        FakeReply poll = about("tasks/get", id);
        CompletableFuture<Message> answer = ask(7);
        assertNull(poll.answer, "the server may ask more");
        bench.timer.advance(Duration.ofMillis(40));

        assertEquals("input_required", status(poll.outcome()));
        assertEquals(
                "{\"elicitation-1\":{\"method\":\"elicitation/create\",\"params\":{\"message\":\"m\",\"requestedSchema\":{}}}}",
                JsonText.member(poll.outcome(), "inputRequests"));
        assertEquals("input_required", status(about("tasks/get", id).outcome()), "as long as nobody answers");

        String acknowledged = about("tasks/update", id + "\"inputResponses\":{\"elicitation-1\":" + YES + ",\"x\":1},")
                .outcome();
        assertTrue(acknowledged.startsWith("{\"resultType\":\"complete\""), acknowledged);
        assertEquals(YES, answer.join().result());
        server.answers("tasks/get", task("working"));
        assertEquals("working", status(about("tasks/get", id).outcome()));

        ask(8);
        assertTrue(about("tasks/get", id).outcome().contains("\"elicitation-2\""), "no key is used twice");
    }

    @Test
    void aPollDoesNotWaitForEverForWhatTheServerSaysItAsks() {
        String id = create("may");
        server.answers("tasks/get", task("input_required"));
        FakeReply poll = about("tasks/get", id);
        bench.timer.advance(Duration.ofSeconds(2));
        assertEquals("working", status(poll.outcome()));
    }

    @Test
    void aQuestionThatNobodyAnswersIsCancelled() {
        String id = create("may");
        server.answers("tasks/get", task("input_required"));
        about("tasks/get", id);
        CompletableFuture<Message> answer = ask(7);
        bench.timer.advance(Duration.ofMinutes(5));
        assertEquals("{\"action\":\"cancel\"}", answer.join().result());
    }

    @ParameterizedTest
    @ValueSource(strings = {"completed", "failed"})
    void theResultIsInTheTaskAndOnlyErrorsOfTheProtocolAreFailures(String told) {
        String id = create("may");
        server.answers("tasks/get", task(told))
                .answers(
                        "tasks/result",
                        "{\"isError\":true,\"_meta\":{\"a\":1,\"io.modelcontextprotocol/related-task\":{\"taskId\":\"t1\"}}}");

        String task = about("tasks/get", id).outcome();

        assertEquals("completed", status(task));
        assertEquals(
                "{\"isError\":true,\"_meta\":{\"a\":1,\"io.modelcontextprotocol/serverInfo\":{}},\"resultType\":\"complete\"}",
                JsonText.member(task, "result"));
        server.received.clear();
        assertEquals(task, about("tasks/get", id).outcome());
        assertEquals(List.of(), server.received, "it is kept here");
    }

    @Test
    void anErrorOfTheProtocolIsAFailure() {
        String id = create("may");
        server.answers("tasks/get", task("failed"));
        server.handlers.put(
                "tasks/result", exchange -> exchange.complete(Message.error("1", RpcError.of(-32603, "it broke"))));

        String task = about("tasks/get", id).outcome();

        assertEquals("failed", status(task));
        assertEquals("{\"code\":-32603,\"message\":\"it broke\"}", JsonText.member(task, "error"));
    }

    @Test
    void cancellingIsAcknowledgedWhateverTheServerThinks() {
        String first = create("may");
        assertTrue(about("tasks/cancel", first).outcome().startsWith("{\"resultType\":\"complete\""));
        assertEquals("cancelled", status(about("tasks/get", first).outcome()));

        String second = create("may");
        server.handlers.put(
                "tasks/cancel",
                exchange -> exchange.complete(Message.error("1", RpcError.of(RpcError.INVALID_PARAMS, "over"))));
        assertTrue(about("tasks/cancel", second).outcome().startsWith("{\"resultType\":\"complete\""));
        assertEquals("working", status(about("tasks/get", second).outcome()));
    }

    @Test
    void aTaskIsItsCallersOnly() {
        String id = create("may");
        server.received.clear();
        for (String method : List.of("tasks/get", "tasks/update", "tasks/cancel")) {
            assertTrue(send(front.caller("bert"), method, ABLE, id).outcome().contains("\"code\":-32602"));
            assertTrue(about(method, "\"taskId\":\"t1\",").outcome().contains("\"code\":-32602"));
            FakeReply undeclared = send(front, method, "{}", id);
            assertEquals(400, undeclared.status());
            assertTrue(undeclared.text().contains("\"code\":-32021"), undeclared.text());
        }
        assertEquals(List.of(), server.received);
    }

    @Test
    void aTaskIsForgottenWhenItsTimeIsOver() {
        String id = create("may");
        bench.timer.advance(Duration.ofSeconds(61));
        assertTrue(about("tasks/get", id).outcome().contains("\"code\":-32602"));
        assertEquals("t1", server.received("tasks/cancel").get(0).param("taskId"));
    }

    @Test
    void aTaskThatItsServerForgotIsForgotten() {
        String id = create("may");
        server.handlers.put(
                "tasks/get",
                exchange -> exchange.complete(Message.error("1", RpcError.of(RpcError.INVALID_PARAMS, "unknown"))));
        assertTrue(about("tasks/get", id).outcome().contains("\"message\":\"unknown\""));
        assertTrue(about("tasks/get", id).outcome().contains("Task not found"));
    }

    @Test
    void aCallerWithTooManyTasksIsServedWithoutThem() {
        for (int i = 0; i < 64; i++) {
            send(front, "tools/call", "{" + EXTENSION + "}", "\"name\":\"may\",")
                    .outcome();
        }
        server.answers("tools/call", "{\"content\":[]}");
        assertTrue(send(front, "tools/call", "{" + EXTENSION + "}", "\"name\":\"may\",")
                .outcome()
                .contains("\"resultType\":\"complete\""));
        assertEquals("", server.last().request().rawParam("task"));
    }

    /** A call that can be asked needs a copy of the server for itself, and so does a task. */
    @Test
    void aTaskThatIsOverLetsGoOfItsCopy() {
        String id = create("may");
        Exchange working = open("tools/call");
        create("may");
        assertNotEquals(working.client(), open("tools/call").client());

        server.answers("tasks/get", task("completed")).answers("tasks/result", "{\"content\":[]}");
        about("tasks/get", id);
        create("may");
        assertEquals(working.client(), open("tools/call").client());
    }

    @Test
    void overAllServersTasksAreFoundToo() {
        String discovered = send(Bench.all(), "server/discover", "{}", "").outcome();
        assertTrue(discovered.contains(EXTENSION), discovered);
        String created =
                send(Bench.all(), "tools/call", ABLE, "\"name\":\"one__may\",").outcome();
        String id = "\"taskId\":" + JsonText.member(created, "taskId") + ",";

        assertEquals("working", status(send(Bench.all(), "tasks/get", ABLE, id).outcome()));
        assertEquals("t1", server.received("tasks/get").get(0).param("taskId"));
    }
}

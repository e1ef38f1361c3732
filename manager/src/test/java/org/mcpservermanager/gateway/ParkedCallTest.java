package org.mcpservermanager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.gateway.Bench.Front;
import org.mcpservermanager.gateway.modern.BridgeSettings;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.Phase;

/** What a server asks in mid-call, answered by a client that can only call again. */
class ParkedCallTest {
    private static final String ALL = "{\"elicitation\":{\"form\":{},\"url\":{}},\"sampling\":{},\"roots\":{}}";
    private static final String YES = "{\"action\":\"accept\",\"content\":{}}";
    private final Bench bench = new Bench();
    private final FakeRouter.FakeServer server =
            bench.router.add("one").holds("tools/call").holds("prompts/get");
    private final Front front = Bench.one("one");

    private FakeReply call(String more) {
        return bench.stateless(front, "tools/call", ALL, "\"name\":\"t\"," + more, "");
    }

    private static Message elicitation(int id, String meta) {
        return Message.request(
                Integer.toString(id),
                "elicitation/create",
                "{\"message\":\"m\",\"elicitationId\":\"e\",\"requestedSchema\":{}" + meta + "}");
    }

    private CompletableFuture<Message> ask(Message question) {
        return server.last().ask(question).toCompletableFuture();
    }

    private void quiet() {
        bench.timer.advance(Duration.ofMillis(40));
    }

    private static String state(FakeReply reply) {
        String result = JsonText.member(reply.text(), "result");
        assertEquals("\"input_required\"", JsonText.member(result, "resultType"), reply.text());
        return "\"requestState\":" + JsonText.member(result, "requestState") + ",";
    }

    private static String requests(FakeReply reply) {
        return JsonText.member(JsonText.member(reply.text(), "result"), "inputRequests");
    }

    @Test
    void aQuestionEndsTheRequestAndTheRetryAnswersIt() {
        FakeReply first = call("");
        CompletableFuture<Message> answer = ask(elicitation(5, ""));
        assertNull(first.answer, "the server may ask more");
        quiet();
        assertEquals(
                "{\"elicitation-1\":{\"method\":\"elicitation/create\",\"params\":{\"message\":\"m\",\"requestedSchema\":{}}}}",
                requests(first));

        FakeReply second = call(state(first) + "\"inputResponses\":{\"elicitation-1\":" + YES + ",\"other\":{}},");
        assertEquals(YES, answer.join().result());
        assertEquals("5", answer.join().id());
        server.last().complete(Message.result("1", "{\"content\":[]}"));

        assertEquals(1, server.received("tools/call").size());
        assertTrue(second.text().contains("\"resultType\":\"complete\""), second.text());
    }

    @Test
    void severalQuestionsAreOneResult() {
        FakeReply first = call("");
        ask(elicitation(1, ""));
        ask(elicitation(2, ""));
        ask(Message.request("3", "roots/list", ""));
        quiet();

        assertEquals(
                List.of("elicitation-1", "elicitation-2", "roots-1"),
                List.copyOf(JsonText.members(requests(first)).keySet()));
        assertTrue(requests(first).endsWith("\"roots-1\":{\"method\":\"roots/list\"}}"));
    }

    @Test
    void theServerMayNameTheKey() {
        FakeReply first = call("");
        String hint = ",\"_meta\":{\"org.mcpservermanager/inputKey\":\"user_name\"}";
        ask(elicitation(1, hint));
        ask(elicitation(2, hint));
        quiet();

        assertEquals(
                List.of("user_name", "user_name-2"),
                List.copyOf(JsonText.members(requests(first)).keySet()));
    }

    @Test
    void everyRoundHasItsOwnState() {
        FakeReply first = call("");
        ask(elicitation(1, ""));
        quiet();
        FakeReply second = call(state(first) + "\"inputResponses\":{\"elicitation-1\":" + YES + "},");
        ask(elicitation(2, ""));
        quiet();

        assertNotEquals(state(first), state(second));
        assertTrue(requests(second).startsWith("{\"elicitation-2\""), requests(second));
    }

    @Test
    void aConsumedStateIsWorthNothing() {
        FakeReply first = call("");
        ask(elicitation(1, ""));
        quiet();
        String retry = state(first) + "\"inputResponses\":{\"elicitation-1\":" + YES + "},";
        call(retry);

        FakeReply again = call(retry);

        assertTrue(again.text().contains("\"code\":-32602"), again.text());
        assertTrue(again.text().contains("invalid_request_state"), again.text());
        assertEquals(1, server.received("tools/call").size(), "a side effect happens once");
    }

    @Test
    void aStateIsBoundToItsRequestAndItsCaller() {
        FakeReply first = call("");
        ask(elicitation(1, ""));
        quiet();
        String more = state(first) + "\"inputResponses\":{\"elicitation-1\":" + YES + "},";

        FakeReply tampered = call(more.replace("\",\"inputResponses", "-TAMPERED\",\"inputResponses"));
        FakeReply otherTool = bench.stateless(front, "tools/call", ALL, "\"name\":\"u\"," + more, "");
        FakeReply otherCaller = bench.stateless(front.caller("bert"), "tools/call", ALL, "\"name\":\"t\"," + more, "");
        FakeReply right = call(more);

        for (FakeReply refused : List.of(tampered, otherTool, otherCaller)) {
            assertTrue(refused.text().contains("invalid_request_state"), refused.text());
        }
        assertNull(right.answer, "the call goes on");
    }

    @Test
    void whatIsNotAnsweredWellIsAskedAgain() {
        FakeReply first = call("");
        CompletableFuture<Message> answer = ask(elicitation(1, ""));
        ask(Message.request("2", "roots/list", ""));
        quiet();

        FakeReply second = call(state(first)
                + "\"inputResponses\":{\"elicitation-1\":{\"action\":\"maybe\"},\"roots-1\":{\"roots\":[]}},");
        quiet();
        assertFalse(answer.isDone());
        assertEquals(
                List.of("elicitation-1"),
                List.copyOf(JsonText.members(requests(second)).keySet()));

        FakeReply third = call(state(second));
        quiet();
        assertEquals(requests(second), requests(third));
    }

    @Test
    void answersWithoutAStateAreUsedWhenTheirQuestionComes() {
        FakeReply reply = call("\"inputResponses\":{\"elicitation-1\":" + YES + ",\"x\":7},");

        assertEquals(YES, ask(elicitation(1, "")).join().result());
        quiet();
        assertNull(reply.answer);
        assertFalse(ask(elicitation(2, "")).isDone());
    }

    @Test
    void aQuestionThatTheClientDidNotDeclareFailsTheCall() {
        FakeReply reply = bench.stateless(front, "tools/call", "{\"elicitation\":{}}", "\"name\":\"t\",", "");

        Message refusal = ask(Message.request("1", "elicitation/create", "{\"mode\":\"url\",\"url\":\"http://a\"}"))
                .join();

        assertTrue(refusal.error().contains("-32601"), refusal.error());
        assertNull(reply.answer, "the server is at it yet, and the next question could be its");
        server.last().complete(Message.result("1", "{\"content\":[],\"isError\":true}"));
        assertEquals(400, reply.status());
        assertTrue(
                reply.text().contains("\"code\":-32021")
                        && reply.text().contains("{\"requiredCapabilities\":{\"elicitation\":{\"url\":{}}}}"),
                reply.text());
        assertEquals(List.of(), bench.router.cancelled, "it was answered");
        bench.stateless(front, "tools/call", "{\"elicitation\":{}}", "\"name\":\"t\",", "");
        assertEquals(
                1,
                server.received.stream().map(Exchange::client).distinct().count(),
                "the copy that ended the call serves the next");
    }

    @Test
    void aServerThatGoesOnWithoutItsAnswerIsNotWaitedFor() {
        FakeReply reply = bench.stateless(front, "tools/call", "{\"elicitation\":{}}", "\"name\":\"t\",", "");
        CompletableFuture<Message> form = ask(elicitation(1, ""));
        ask(Message.request("2", "sampling/createMessage", "{}")).join();
        assertEquals("{\"action\":\"cancel\"}", form.join().result(), "nobody will be asked");

        bench.timer.advance(Duration.ofMillis(250));

        assertTrue(reply.text().contains("\"code\":-32021"), reply.text());
        assertEquals(1, bench.router.cancelled.size());
    }

    @Test
    void aQuestionThatWasRefusedAlreadyFailsTheCallToo() {
        FakeReply reply = bench.stateless(front, "tools/call", "\"name\":\"t\",");

        server.last().refused(Message.request("1", "sampling/createMessage", "{}"));
        assertNull(reply.answer);
        server.last().complete(Message.result("1", "{\"content\":[],\"isError\":true}"));

        assertEquals(400, reply.status());
        assertTrue(reply.text().contains("{\"requiredCapabilities\":{\"sampling\":{}}}"), reply.text());
    }

    @Test
    void listsNeverAsk() {
        server.holds("tools/list");
        bench.stateless(front, "tools/list", ALL, "", "");

        assertTrue(ask(elicitation(1, "")).join().error().contains("-32601"));
    }

    @Test
    void aClientThatStaysAwayCancels() {
        FakeReply first = call("");
        CompletableFuture<Message> form = ask(elicitation(1, ""));
        CompletableFuture<Message> sampling = ask(Message.request("2", "sampling/createMessage", "{}"));
        quiet();

        bench.timer.advance(Duration.ofMinutes(5));

        assertEquals("{\"action\":\"cancel\"}", form.join().result());
        assertEquals(Message.Kind.ERROR, sampling.join().kind());
        assertEquals(List.of("the client did not come back"), bench.router.cancelled);
        assertTrue(bench.router.detached.contains(server.last().client()), "its copy may still be at it");
        assertTrue(call(state(first)).text().contains("invalid_request_state"));
    }

    @Test
    void aLostCallThatMayRunTwiceIsRunAgainWithItsAnswers() {
        FakeReply first = bench.stateless(front, "prompts/get", ALL, "\"name\":\"p\",", "");
        ask(elicitation(1, ""));
        quiet();
        FakeReply second = bench.stateless(
                front,
                "prompts/get",
                ALL,
                "\"name\":\"p\"," + state(first) + "\"inputResponses\":{\"elicitation-1\":" + YES + "},",
                "");
        ask(Message.request("2", "roots/list", ""));
        quiet();
        Exchange before = server.last();
        before.complete(Message.error("1", RpcError.of(RpcError.SERVER_UNAVAILABLE, "it died")));

        FakeReply third = bench.stateless(
                front,
                "prompts/get",
                ALL,
                "\"name\":\"p\"," + state(second) + "\"inputResponses\":{\"roots-1\":{\"roots\":[]}},",
                "");

        assertNotSame(before, server.last());
        assertEquals(YES, ask(elicitation(7, "")).join().result());
        assertEquals(
                "{\"roots\":[]}",
                ask(Message.request("8", "roots/list", "")).join().result());
        assertFalse(ask(Message.request("9", "roots/list", "")).isDone());
        assertNull(third.answer);
    }

    @Test
    void anotherQuestionUnderTheSameKeyIsNotAnsweredFromBefore() {
        FakeReply first = bench.stateless(front, "prompts/get", ALL, "\"name\":\"p\",", "");
        ask(elicitation(1, ""));
        quiet();
        server.last().complete(Message.error("1", RpcError.of(RpcError.SERVER_UNAVAILABLE, "it died")));

        bench.stateless(
                front,
                "prompts/get",
                ALL,
                "\"name\":\"p\"," + state(first) + "\"inputResponses\":{\"elicitation-1\":" + YES + "},",
                "");

        assertFalse(ask(elicitation(1, ",\"other\":true")).isDone());
    }

    @Test
    void aLostCallThatHasSideEffectsIsNotRunAgain() {
        FakeReply first = call("");
        ask(elicitation(1, ""));
        quiet();
        server.last().complete(Message.error("1", RpcError.of(RpcError.SERVER_UNAVAILABLE, "it died")));

        assertTrue(call(state(first)).text().contains("invalid_request_state"));
    }

    @Test
    void toolsThatSayTheyMayAreRunAgain() {
        server.answers("tools/list", "{\"tools\":[{\"name\":\"t\",\"annotations\":{\"readOnlyHint\":true}}]}");
        bench.becomes("one", Phase.RUNNING);
        bench.timer.advance(Duration.ofSeconds(2));
        FakeReply first = call("");
        ask(elicitation(1, ""));
        quiet();
        server.last().complete(Message.error("1", RpcError.of(RpcError.SERVER_UNAVAILABLE, "it died")));

        assertNull(call(state(first)).answer);
        assertEquals(2, server.received("tools/call").size());
    }

    @Test
    void anOutcomeThatNobodyWaitedForIsKeptForTheRetry() {
        FakeReply first = call("");
        ask(elicitation(1, ""));
        quiet();
        server.last().complete(Message.result("1", "{\"content\":[]}"));

        assertTrue(call(state(first)).text().contains("\"resultType\":\"complete\""));
    }

    @Test
    void urlsThatAServerWantsVisitedAreAskedForAndTheRetryCallsAgain() {
        FakeReply first = call("");
        server.last()
                .complete(
                        Message.error(
                                "1",
                                new RpcError(
                                        -32042,
                                        "visit",
                                        "{\"elicitations\":[{\"mode\":\"url\",\"elicitationId\":\"e\",\"url\":\"http://a\",\"message\":\"m\"}]}")));

        assertEquals(
                "{\"elicitation-1\":{\"method\":\"elicitation/create\",\"params\":{\"mode\":\"url\",\"url\":\"http://a\",\"message\":\"m\"}}}",
                requests(first));
        call(state(first) + "\"inputResponses\":{\"elicitation-1\":{\"action\":\"accept\"}},");
        assertEquals(2, server.received("tools/call").size());
    }

    @Test
    void callsThatMayAskHaveACopyEachAndLeaveItToTheNext() {
        call("");
        Exchange first = server.last();
        call("");
        Exchange second = server.last();
        assertNotSame(first.client(), second.client());

        second.complete(Message.result("1", "{}"));
        call("");

        assertSame(second.client(), server.last().client());
    }

    @Test
    void aCopyThatIsIdleEnds() {
        BridgeSettings usual = BridgeSettings.DEFAULT;
        BridgeSettings hasty = new BridgeSettings(
                usual.inputKeyHint(),
                usual.quiet(),
                usual.patience(),
                usual.parkedMax(),
                usual.parkedOfCallerMax(),
                usual.copiesMax(),
                Duration.ZERO);
        Bench idle = new Bench(GatewaySettings.DEFAULT.withBridge(hasty));
        FakeRouter.FakeServer one = idle.router.add("one").holds("tools/call");
        idle.stateless(front, "tools/call", ALL, "\"name\":\"t\",", "");
        Exchange over = one.last();
        idle.stateless(front, "tools/call", ALL, "\"name\":\"t\",", "");
        Exchange running = one.last();
        over.complete(Message.result("1", "{}"));

        idle.timer.advance(Duration.ofMillis(1));

        assertTrue(idle.router.detached.contains(over.client()));
        assertFalse(idle.router.detached.contains(running.client()));
    }

    @Test
    void theOldestParkedCallMakesRoom() {
        FakeReply oldest = call("");
        ask(elicitation(1, ""));
        quiet();
        for (int i = 1; i < 16; i++) {
            call("");
            ask(elicitation(1, ""));
            quiet();
        }

        FakeReply next = call("");

        assertNull(next.answer);
        assertEquals(List.of("another call needs the place"), bench.router.cancelled);
        assertTrue(call(state(oldest)).text().contains("invalid_request_state"));
    }

    @Test
    void callsThatDoNotWaitKeepTheirCopies() {
        for (int i = 0; i < 16; i++) {
            call("");
        }

        assertTrue(call("").text().contains("\"code\":-32603"));
    }

    @Test
    void outsideCallsNobodyIsAsked() {
        call("");
        var client = server.last().client();

        assertEquals(
                "{\"action\":\"cancel\"}",
                client.ask(elicitation(1, "")).toCompletableFuture().join().result());
        assertEquals(
                "{\"roots\":[]}",
                client.ask(Message.request("2", "roots/list", ""))
                        .toCompletableFuture()
                        .join()
                        .result());
        assertTrue(client.ask(Message.request("3", "sampling/createMessage", "{}"))
                .toCompletableFuture()
                .join()
                .error()
                .contains("-32601"));
    }

    @Test
    void aQuestionThatIsTakenBackIsNotAsked() {
        FakeReply first = call("");
        ask(elicitation(1, ""));
        server.last().tell(Message.notification("notifications/cancelled", "{\"requestId\":1}"));

        quiet();

        assertNull(first.answer);
    }
}

package org.mcpservermanager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.gateway.Bench.Front;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Isolation;

/** Stateless clients that can be asked, at a server with one copy for everybody. */
class SharedServerTurnsTest {
    private static final String ASKABLE = "{\"elicitation\":{}}";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private final Bench bench = new Bench();
    private final FakeRouter.FakeServer server = bench.router.add("one").holds("tools/call");
    private final Front front = Bench.one("one");

    @BeforeEach
    void aSharedServer() {
        bench.redefines(Bench.spec("one").draft().isolation(Isolation.SHARED).spec());
    }

    private FakeReply call(String caller, String capabilities) {
        return call(caller, capabilities, "");
    }

    private FakeReply call(String caller, String capabilities, String more) {
        return bench.stateless(front.caller(caller), "tools/call", capabilities, "\"name\":\"t\"," + more, "");
    }

    private int sent() {
        return server.received("tools/call").size();
    }

    private static void ends(Exchange exchange) {
        exchange.complete(Message.result(exchange.request().id(), "{\"content\":[]}"));
    }

    private CompletableFuture<Message> asks() {
        Message form = Message.request("5", "elicitation/create", "{\"message\":\"m\",\"requestedSchema\":{}}");
        CompletableFuture<Message> answer = server.last().ask(form).toCompletableFuture();
        bench.timer.advance(Duration.ofMillis(40));
        return answer;
    }

    @Test
    void callsThatMayAskRunOneAfterTheOther() {
        FakeReply first = call("anna", ASKABLE);
        FakeReply second = call("bert", ASKABLE);
        assertEquals(1, sent());

        ends(server.last());

        assertEquals(2, sent());
        ends(server.last());
        assertEquals(200, first.status());
        assertEquals(200, second.status());
    }

    @Test
    void callsOfClientsThatCannotBeAskedWaitForNobody() {
        call("anna", ASKABLE);
        call("bert", ASKABLE);

        IntStream.range(0, 5).forEach(i -> call("carl", "{}"));

        assertEquals(6, sent());
    }

    @Test
    void aTurnLastsUntilTheClientHasAnswered() {
        FakeReply first = call("anna", ASKABLE);
        CompletableFuture<Message> answer = asks();
        call("bert", ASKABLE);
        assertEquals(1, sent());
        String state = JsonText.member(JsonText.member(first.text(), "result"), "requestState");

        call(
                "anna",
                ASKABLE,
                "\"requestState\":" + state + ",\"inputResponses\":{\"elicitation-1\":{\"action\":\"decline\"}},");

        assertEquals("{\"action\":\"decline\"}", answer.join().result());
        assertEquals(1, sent());
        ends(server.last());
        assertEquals(2, sent());
    }

    @Test
    void aClientThatWentAwayLosesItsTurnWhenOthersWaitedLongEnough() {
        call("anna", ASKABLE);
        CompletableFuture<Message> answer = asks();
        Exchange lost = server.last();
        FakeReply second = call("bert", ASKABLE);

        bench.timer.advance(PATIENCE);

        assertEquals("{\"action\":\"cancel\"}", answer.join().result());
        assertEquals(List.of(), bench.router.cancelled, "its answer tells that the server is done");
        assertEquals(1, sent());
        ends(lost);
        assertEquals(2, sent());
        ends(server.last());
        assertEquals(200, second.status());
        assertFalse(second.text().contains("error"), second.text());
    }

    @Test
    void aServerThatDoesNotEndWhatWasGivenUpIsNotWaitedForForEver() {
        call("anna", ASKABLE);
        asks();
        call("bert", ASKABLE);
        bench.timer.advance(PATIENCE);
        assertEquals(1, sent());

        bench.timer.advance(Duration.ofSeconds(10));

        assertEquals(1, bench.router.cancelled.size());
        assertEquals(2, sent());
    }

    @Test
    void whoseTurnDoesNotComeIsToldWhatToDo() {
        call("anna", ASKABLE);
        FakeReply second = call("bert", ASKABLE);

        bench.timer.advance(PATIENCE);

        assertTrue(second.text().contains("too_many_requests"), second.text());
        assertTrue(second.text().contains("no turn within 30 s"), second.text());
        assertTrue(second.text().contains("isolation"), second.text());
        ends(server.last());
        assertEquals(1, sent());
        call("carl", ASKABLE);
        assertEquals(2, sent(), "the turn is free again");
    }

    @Test
    void onlySoManyWait() {
        call("anna", ASKABLE);
        List<FakeReply> waiting = new ArrayList<>();
        IntStream.range(0, 64).forEach(i -> waiting.add(call("w" + i, ASKABLE)));

        FakeReply oneMore = call("x", ASKABLE);

        assertTrue(oneMore.text().contains("64 others wait already"), oneMore.text());
        assertTrue(waiting.stream().allMatch(each -> each.answer == null));
    }

    @Test
    void aCallThatIsCancelledEndsItsTurn() {
        FakeReply first = bench.stateless(front, "tools/call", ASKABLE, "\"name\":\"t\",", "\"progressToken\":1,");
        call("bert", ASKABLE);
        server.last().tell(Message.notification("notifications/progress", "{\"progressToken\":1,\"progress\":1}"));
        first.sink.disconnect();

        assertEquals(1, bench.router.cancelled.size());
        assertEquals(2, sent());
    }

    @Test
    void aServerThatIsNotSharedHasACopyForEach() {
        bench.redefines(Bench.spec("one"));

        FakeReply first = call("anna", ASKABLE);
        call("bert", ASKABLE);

        assertEquals(2, sent());
        assertNull(first.answer);
    }
}

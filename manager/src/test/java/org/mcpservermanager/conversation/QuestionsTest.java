package org.mcpservermanager.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mcpservermanager.conversation.TestExchange.text;
import static org.mcpservermanager.conversation.TestExchange.tool;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.transport.ScriptedLink;

class QuestionsTest {
    private static final Profile NOTHING = new Profile("2025-11-25", "{}", "{\"name\":\"m\",\"version\":\"1\"}", false);

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final ScriptedLink link = new ScriptedLink();
    private final TestClient owner = new TestClient();
    private final TestClient other = new TestClient();

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    private Conversation open(Owner whose, Profile offered, Duration request, Duration max) throws Exception {
        Terms terms = new Terms(
                new ServerId("srv"), offered, whose, new Heard(), timer, Duration.ofSeconds(10), request, max);
        CompletableFuture<Conversation> opening =
                LegacyConversation.open(link, terms).toCompletableFuture();
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"protocolVersion\":\"2025-11-25\"}}");
        link.sent().clear();
        return opening.get(10, TimeUnit.SECONDS);
    }

    private Conversation dedicated() throws Exception {
        return open(new Owner.Dedicated(owner), TestClient.ASKABLE, Duration.ofSeconds(30), Duration.ofSeconds(60));
    }

    private Conversation shared() throws Exception {
        return open(new Owner.Shared(), TestClient.ASKABLE, Duration.ofSeconds(30), Duration.ofSeconds(60));
    }

    private void question(String id, String method) {
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":{\"p\":1}}");
    }

    private String lastErrorCode() {
        return JsonText.member(link.lastSent().error(), "code");
    }

    /** An exchange whose person thinks until the test decides. */
    private static TestExchange thinking(Client client, String id, CompletableFuture<Message> answer) {
        TestExchange call = tool(client, id, "ask", "{}");
        call.answers = question -> answer;
        return call;
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "0", "-3", "12345678901234567890123", "\"q\\u0031\"", "\"é\"", "\"\""})
    void bringsTheServersIdBackByteForByte(String id) throws Exception {
        Conversation conversation = dedicated();
        TestExchange call = tool(owner, "9", "ask", "{}");
        call.answers = q -> CompletableFuture.completedFuture(Message.result("\"mapped\"", "{\"n\":1e400}"));
        conversation.begin(call);
        question(id, "elicitation/create");
        assertEquals(id, call.asked.get(0).id());
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"n\":1e400}}", text(link.lastSent()));
    }

    @Test
    void answersPingItself() throws Exception {
        dedicated();
        question("\"p\"", "ping");
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":\"p\",\"result\":{}}", text(link.lastSent()));
        assertEquals(0, owner.asked.size());
    }

    @Test
    void asksTheOwnerOutsideCalls() throws Exception {
        dedicated();
        question("1", "roots/list");
        assertEquals("{\"by\":\"client\"}", link.lastSent().result());
    }

    @Test
    void asksWithinTheLatestCallOfTheOwnerThatMayAsk() throws Exception {
        Conversation conversation = dedicated();
        TestExchange first = tool(owner, "1", "ask", "{}");
        TestExchange second = tool(owner, "2", "ask", "{}");
        TestExchange list = new TestExchange(owner, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/list\"}");
        TestExchange managers = tool(other, "4", "ask", "{}");
        for (TestExchange call : List.of(first, second, list, managers)) {
            conversation.begin(call);
        }
        question("1", "sampling/createMessage");
        assertEquals(
                List.of(0, 1, 0, 0),
                List.of(first, second, list, managers).stream()
                        .map(c -> c.asked.size())
                        .toList());
    }

    @Test
    void asksTheSoleClientOfASharedServer() throws Exception {
        Conversation conversation = shared();
        TestExchange first = tool(owner, "1", "ask", "{}");
        TestExchange second = tool(owner, "2", "ask", "{}");
        TestExchange list = new TestExchange(other, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/list\"}");
        for (TestExchange call : List.of(first, second, list)) {
            conversation.begin(call);
        }
        question("1", "elicitation/create");
        assertEquals(1, second.asked.size());
        assertEquals("{\"by\":\"call\"}", link.lastSent().result());
    }

    @Test
    void asksNoClientOfASharedServerWhatItDidNotDeclare() throws Exception {
        Conversation conversation = shared();
        TestClient mute = new TestClient(new Profile("2025-11-25", "{\"sampling\":{}}", "{\"name\":\"mute\"}", true));
        TestExchange call = tool(mute, "1", "ask", "{}");
        conversation.begin(call);
        question("1", "elicitation/create");
        assertEquals(List.of(), call.asked);
        assertEquals("-32601", lastErrorCode());
        question("2", "sampling/createMessage");
        assertEquals(1, call.asked.size());
    }

    @Test
    void asksNobodyWhenTwoClientsAreInFlight() throws Exception {
        Conversation conversation = shared();
        TestExchange mine = tool(owner, "1", "ask", "{}");
        TestExchange others = tool(other, "1", "ask", "{}");
        conversation.begin(mine);
        conversation.begin(others);
        question("1", "elicitation/create");
        assertEquals(0, mine.asked.size() + others.asked.size() + owner.asked.size() + other.asked.size());
        assertEquals("-32601", lastErrorCode());
    }

    @Test
    void asksNobodyElseWhileACancelledCallMayStillRun() throws Exception {
        Conversation conversation = shared();
        Call gone = conversation.begin(tool(owner, "1", "ask", "{}"));
        gone.cancel("left");
        TestExchange others = tool(other, "1", "ask", "{}");
        conversation.begin(others);
        question("1", "elicitation/create");
        assertEquals(0, others.asked.size());
        assertEquals("-32601", lastErrorCode());
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
        question("2", "elicitation/create");
        assertEquals(1, others.asked.size());
    }

    @Test
    void asksNobodyOutsideCallsOfASharedServer() throws Exception {
        shared();
        question("1", "sampling/createMessage");
        assertEquals("-32601", lastErrorCode());
        question("2", "roots/list");
        assertEquals("{\"roots\":[]}", link.lastSent().result());
    }

    @Test
    void givesNobodysRootsToASharedServer() throws Exception {
        Conversation conversation = shared();
        TestExchange call = tool(owner, "1", "ask", "{}");
        conversation.begin(call);
        question("2", "roots/list");
        assertEquals(0, call.asked.size());
        assertEquals("{\"roots\":[]}", link.lastSent().result());
    }

    @ParameterizedTest
    @ValueSource(strings = {"elicitation/create", "sampling/createMessage", "roots/list"})
    void refusesWhatWasNotDeclared(String method) throws Exception {
        Conversation conversation = open(new Owner.Shared(), NOTHING, Duration.ofSeconds(30), Duration.ofSeconds(60));
        TestExchange call = tool(owner, "1", "ask", "{}");
        conversation.begin(call);
        question("1", method);
        assertEquals(0, call.asked.size());
        assertEquals("-32601", lastErrorCode());
    }

    @Test
    void knowsWhoAskedByTheWordsOfTheRefusalInTheAnswer() throws Exception {
        Conversation conversation = open(
                new Owner.Shared(),
                new Profile("2025-11-25", "{}", "{\"name\":\"manager\"}", false),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60));
        TestExchange mine = tool(owner, "1", "ask", "{}");
        TestExchange others = tool(other, "1", "ask", "{}");
        conversation.begin(mine);
        String id = link.lastSent().id();
        conversation.begin(others);
        String idOfOthers = link.lastSent().id();
        question("1", "elicitation/create");
        assertEquals(List.of(), mine.refused);
        String why = JsonText.unquote(JsonText.member(link.lastSent().error(), "message"));

        link.receive("{\"jsonrpc\":\"2.0\",\"id\":" + idOfOthers + ",\"error\":{\"code\":-1,\"message\":\"else\"}}");
        link.receive(
                "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"isError\":true,\"content\":[{\"type\":\"text\","
                        + "\"text\":" + JsonText.quote("it said: " + why) + "}]}}");

        assertEquals(List.of(), others.refused);
        assertEquals(
                List.of("elicitation/create"),
                mine.refused.stream().map(Message::method).toList());
    }

    @Test
    void answersWhenTheClientCannotBeAsked() throws Exception {
        Conversation conversation = dedicated();
        TestExchange call = tool(owner, "1", "ask", "{}");
        conversation.begin(call);
        List<CompletionStage<Message>> bad = new java.util.ArrayList<>();
        bad.add(CompletableFuture.failedFuture(new IllegalStateException("gone")));
        bad.add(CompletableFuture.completedFuture(null));
        bad.add(CompletableFuture.completedFuture(Message.notification("n", "")));
        bad.add(null);
        for (int i = 0; i < bad.size(); i++) {
            CompletionStage<Message> answer = bad.get(i);
            call.answers = question -> answer;
            question("\"b" + i + "\"", "elicitation/create");
            assertEquals("\"b" + i + "\"", link.lastSent().id());
            assertEquals("-32603", lastErrorCode());
        }
    }

    @Test
    void keepsManyQuestionsApart() throws Exception {
        Conversation conversation = dedicated();
        TestExchange call = tool(owner, "1", "ask", "{}");
        List<CompletableFuture<Message>> answers =
                List.of(new CompletableFuture<>(), new CompletableFuture<>(), new CompletableFuture<>());
        call.answers = question -> answers.get(call.asked.size() - 1);
        conversation.begin(call);
        question("1", "elicitation/create");
        question("\"1\"", "elicitation/create");
        question("2", "roots/list");
        question("2", "roots/list");
        assertEquals("-32600", lastErrorCode());
        answers.get(2).complete(Message.result("2", "{\"r\":2}"));
        answers.get(0).complete(Message.result("1", "{\"r\":0}"));
        answers.get(1).complete(Message.result("1", "{\"r\":1}"));
        List<Message> sent = link.sent().subList(2, 5);
        assertEquals(List.of("2", "1", "\"1\""), sent.stream().map(Message::id).toList());
        assertEquals(
                List.of("{\"r\":2}", "{\"r\":0}", "{\"r\":1}"),
                sent.stream().map(Message::result).toList());
    }

    @Test
    void boundsOpenQuestions() throws Exception {
        Conversation conversation = dedicated();
        conversation.begin(thinking(owner, "1", new CompletableFuture<>()));
        for (int i = 0; i < Questions.OPEN_MAX; i++) {
            question("" + i, "elicitation/create");
        }
        assertEquals(1, link.sent().size());
        question("9999", "elicitation/create");
        assertEquals("9999", link.lastSent().id());
        assertEquals("-32603", lastErrorCode());
    }

    @Test
    void letsTheServerTakeAQuestionBack() throws Exception {
        Conversation conversation = dedicated();
        CompletableFuture<Message> answer = new CompletableFuture<>();
        TestExchange call = thinking(owner, "1", answer);
        conversation.begin(call);
        question("\"q\"", "elicitation/create");
        link.receive(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":\"other\"}}");
        assertEquals(0, call.told.size());
        link.receive("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":\"q\"}}");
        assertEquals(
                List.of(Method.CANCELLED),
                call.told.stream().map(Message::method).toList());
        answer.complete(Message.result("\"q\"", "{}"));
        assertEquals(1, link.sent().size());
    }

    @Test
    void answersTheQuestionsOfACancelledCall() throws Exception {
        Conversation conversation = dedicated();
        CompletableFuture<Message> answer = new CompletableFuture<>();
        TestExchange call = thinking(owner, "1", answer);
        Call running = conversation.begin(call);
        question("\"q\"", "elicitation/create");
        running.cancel("left");
        assertEquals("\"q\"", link.lastSent().id());
        assertEquals("-32603", lastErrorCode());
        assertEquals("\"q\"", call.told.get(0).rawParam("requestId"));
        answer.complete(Message.result("\"q\"", "{}"));
        assertEquals(3, link.sent().size());
    }

    @Test
    void tellsTheClientWhenTheServerDiesBehindAQuestion() throws Exception {
        Conversation conversation = dedicated();
        TestExchange call = thinking(owner, "1", new CompletableFuture<>());
        conversation.begin(call);
        question("\"q\"", "elicitation/create");
        conversation.end(new Problem(Problem.PROCESS_EXITED, "gone", ""));
        assertEquals(
                List.of(Method.CANCELLED),
                call.toldBeforeOutcome.stream().map(Message::method).toList());
        assertTrue(call.outcome.isDone());
    }

    @Test
    void aCallWaitsLongerWhileAPersonThinks() throws Exception {
        Conversation conversation =
                open(new Owner.Dedicated(owner), TestClient.ASKABLE, Duration.ofMillis(40), Duration.ofSeconds(60));
        CompletableFuture<Message> answer = new CompletableFuture<>();
        TestExchange asking = thinking(owner, "1", answer);
        TestExchange silent = tool(owner, "2", "hang", "{}");
        conversation.begin(silent);
        conversation.begin(asking);
        question("1", "elicitation/create");
        silent.outcome();
        assertFalse(asking.outcome.isDone());
        answer.complete(Message.result("1", "{}"));
        assertTrue(asking.outcome().error().contains("did not answer within 40 ms"));
    }

    @Test
    void aQuestionDoesNotStayOpenForEver() throws Exception {
        Conversation conversation =
                open(new Owner.Dedicated(owner), TestClient.ASKABLE, Duration.ofMillis(40), Duration.ofMillis(60));
        CompletableFuture<Message> told = new CompletableFuture<>();
        owner.answers = question -> new CompletableFuture<>();
        link.peer(told::complete);
        question("1", "elicitation/create");
        assertEquals("1", told.get(10, TimeUnit.SECONDS).id());
        assertEquals(0, conversation.inFlight());
    }

    @Test
    void refusesQuestionsBeforeTheHandshake() {
        Terms terms = Terms.dedicated(
                new ServerId("srv"), owner, new Heard(), timer, org.mcpservermanager.server.Timeouts.DEFAULT);
        LegacyConversation.open(link, terms);
        question("1", "roots/list");
        assertEquals("-32600", lastErrorCode());
        question("2", "ping");
        assertEquals("{}", link.lastSent().result());
        assertEquals(0, owner.asked.size());
    }
}

package org.mcpservermanager.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mcpservermanager.conversation.TestExchange.text;
import static org.mcpservermanager.conversation.TestExchange.tool;
import static org.mcpservermanager.conversation.TestExchange.toolWithProgress;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.transport.ScriptedLink;

class LegacyConversationTest {
    private static final Problem KILLED =
            new Problem(Problem.PROCESS_EXITED, "killed by \"SIGKILL\"", "Start it again.");
    private static final String INITIALIZED =
            "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"tools\":{}},"
                    + "\"serverInfo\":{\"name\":\"s\\u0065rver\",\"version\":\"2\"},\"instructions\":\"Hi\"}}";

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final ScriptedLink link = new ScriptedLink();
    private static final String LOG =
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"info\",\"data\":1}}";
    private final Heard heard = new Heard();
    private final TestClient owner = new TestClient();
    private final TestClient other = new TestClient();

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    private Terms terms(Owner whose, Profile offered, Duration request, Duration requestMax) {
        return new Terms(
                new ServerId("srv"), offered, whose, heard, timer, Duration.ofSeconds(10), request, requestMax);
    }

    private Terms dedicated() {
        return terms(new Owner.Dedicated(owner), TestClient.ASKABLE, Duration.ofSeconds(30), Duration.ofSeconds(60));
    }

    private Terms shared() {
        return terms(new Owner.Shared(), TestClient.ASKABLE, Duration.ofSeconds(30), Duration.ofSeconds(60));
    }

    private CompletableFuture<Conversation> opening(Terms terms) {
        return LegacyConversation.open(link, terms).toCompletableFuture();
    }

    private LegacyConversation open(Terms terms) throws Exception {
        CompletableFuture<Conversation> opening = opening(terms);
        link.receive(INITIALIZED);
        LegacyConversation conversation = (LegacyConversation) opening.get(10, TimeUnit.SECONDS);
        link.sent().clear();
        return conversation;
    }

    private static Problem failure(CompletableFuture<Conversation> opening) {
        ExecutionException e = assertThrows(ExecutionException.class, () -> opening.get(10, TimeUnit.SECONDS));
        return ((ProblemException) e.getCause()).problem();
    }

    @Test
    void offersTheClientsProfileAndWaitsForTheAnswer() throws Exception {
        CompletableFuture<Conversation> opening = opening(dedicated());
        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":"
                        + TestClient.ASKABLE.capabilities() + ",\"clientInfo\":" + TestClient.ASKABLE.clientInfo()
                        + "}}",
                text(link.lastSent()));
        assertEquals(1, link.sent().size());
        assertFalse(opening.isDone());
        link.receive(INITIALIZED);
        assertEquals("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}", text(link.lastSent()));
        Peer peer = opening.get().peer();
        assertEquals("2025-06-18", peer.protocolVersion());
        assertEquals("server", peer.name());
        assertEquals("2", peer.version());
        assertEquals("{\"tools\":{}}", peer.capabilities());
        assertEquals("\"Hi\"", peer.instructions());
        assertTrue(INITIALIZED.contains(peer.initializeResult()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"})
    void acceptsEveryLegacyRevision(String version) throws Exception {
        CompletableFuture<Conversation> opening = opening(shared());
        link.receive(INITIALIZED.replace("2025-06-18", version));
        assertEquals(version, opening.get(10, TimeUnit.SECONDS).peer().protocolVersion());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"result\":{\"protocolVersion\":\"1.0\"}",
                "\"result\":{\"protocolVersion\":7}",
                "\"result\":{}",
                "\"result\":null",
                "\"result\":{\"protocolVersion\":\"2026-07-28\"}",
                "\"error\":{\"code\":-32602,\"message\":\"no\"}"
            })
    void refusesAPeerItCannotTalkTo(String answer) {
        CompletableFuture<Conversation> opening = opening(shared());
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":0," + answer + "}");
        Problem problem = failure(opening);
        assertEquals(Problem.HANDSHAKE_FAILED, problem.code());
        assertTrue(problem.message().startsWith("Server 'srv' answered "), problem.message());
        assertTrue(
                answer.contains("error") || problem.message().contains("when \"2025-11-25\" was offered"),
                problem.message());
        assertTrue(link.isClosed());
        assertEquals(1, link.sent().size());
    }

    @Test
    void givesUpOnAServerThatNeverAnswersInitialize() {
        Terms terms = new Terms(
                new ServerId("srv"),
                TestClient.ASKABLE,
                new Owner.Shared(),
                heard,
                timer,
                Duration.ofMillis(20),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1));
        assertEquals(Problem.STARTUP_TIMEOUT, failure(opening(terms)).code());
        assertEquals(1, link.sent().size());
    }

    @Test
    void failsToOpenWhenTheServerGoesAwayOrTakesNothing() {
        CompletableFuture<Conversation> opening = opening(shared());
        link.hangUp();
        assertEquals(Problem.PROCESS_EXITED, failure(opening).code());
        assertFalse(heard.closed.isDone());
        timer.shutdownNow();
        assertEquals(
                Problem.INTERNAL,
                failure(LegacyConversation.open(new ScriptedLink(), shared()).toCompletableFuture())
                        .code());
    }

    @Test
    void failsToOpenOnALinkThatTakesNothing() {
        link.fill();
        assertEquals(Problem.PROCESS_EXITED, failure(opening(shared())).code());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "-7",
                "123456789012345678901234567890",
                "\"a\\u0062\\\"\"",
                "\"é漢\uD83D\uDE00\"",
                "\"\"",
                "0"
            })
    void bringsTheClientsIdBackByteForByte(String id) throws Exception {
        LegacyConversation conversation = open(shared());
        TestExchange call = tool(owner, id, "echo", "{ \"n\" : 1e400 }");
        conversation.begin(call);
        assertEquals(text(call.request()).replace("\"id\":" + id, "\"id\":1"), text(link.lastSent()));
        link.receive("{\"result\" : {\"x\":-0, \"x\":1.0}, \"id\": 1,\"jsonrpc\":\"2.0\",\"more\":[]}");
        assertEquals(
                "{\"result\" : {\"x\":-0, \"x\":1.0}, \"id\": " + id + ",\"jsonrpc\":\"2.0\",\"more\":[]}",
                text(call.outcome()));
        assertEquals(0, conversation.inFlight());
    }

    @Test
    void isIdleWhenTheLastOpenCallHasItsOutcome() throws Exception {
        LegacyConversation conversation = open(shared());
        assertTrue(conversation.idle().toCompletableFuture().isDone());

        TestExchange answered = tool(owner, "1", "echo", "{}");
        TestExchange cancelled = tool(owner, "2", "echo", "{}");
        conversation.begin(answered);
        Call call = conversation.begin(cancelled);
        CompletableFuture<Void> idle = conversation.idle().toCompletableFuture();
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
        assertFalse(idle.isDone());

        call.cancel("enough");
        assertTrue(idle.isDone());
    }

    @Test
    void routesProgressByATokenOfItsOwn() throws Exception {
        LegacyConversation conversation = open(shared());
        TestExchange first = toolWithProgress(owner, "1", "\"t\\u0031\"", "a", "{}");
        TestExchange second = toolWithProgress(other, "1", "\"t\\u0031\"", "a", "{}");
        TestExchange none = tool(other, "1", "a", "{}");
        conversation.begin(first);
        conversation.begin(second);
        conversation.begin(none);
        assertEquals("1", link.sent().get(0).progressToken());
        assertEquals("2", link.sent().get(1).progressToken());
        assertEquals("", link.sent().get(2).progressToken());
        progress("2");
        progress("1");
        progress("3");
        progress("\"2\"");
        progress("77");
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}");
        progress("2");
        assertEquals(
                List.of("\"t\\u0031\""),
                second.told.stream().map(Message::progressToken).toList());
        assertEquals(second.told, second.toldBeforeOutcome);
        assertEquals(1, first.told.size());
        assertEquals(0, none.told.size());
        assertEquals(4, conversation.strays());
    }

    private void progress(String token) {
        link.receive("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":" + token
                + ",\"progress\":1}}");
    }

    @Test
    void givesNoAnswerToAWrongCaller() throws Exception {
        LegacyConversation conversation = open(shared());
        TestExchange call = tool(owner, "5", "echo", "{}");
        conversation.begin(call);
        for (String id : List.of("\"1\"", "2", "-1", "5", "10", "18446744073709551617", "0")) {
            link.receive("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"wrong\":1}}");
        }
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"?\"}}");
        assertFalse(call.outcome.isDone());
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"n\":1}}");
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"n\":2}}");
        assertEquals("{\"n\":1}", call.outcome().result());
        assertEquals(1, call.completions.get());
        assertEquals(9, conversation.strays());
    }

    @Test
    void cancelsWithItsOwnIdAndDropsTheLateAnswer() throws Exception {
        LegacyConversation conversation = open(shared());
        TestExchange call = tool(owner, "\"mine\"", "hang", "{}");
        Call running = conversation.begin(call);
        running.cancel("user \"said\" so");
        running.cancel("again");
        assertEquals(2, link.sent().size());
        assertEquals(Method.CANCELLED, link.lastSent().method());
        assertEquals(
                "{\"requestId\":1,\"reason\":\"user \\\"said\\\" so\"}",
                link.lastSent().params());
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
        assertFalse(call.outcome.isDone());
        assertEquals(0, conversation.inFlight());
        assertEquals(0, conversation.strays());
    }

    @Test
    void timesOutSilentCallsAndTellsTheServer() throws Exception {
        LegacyConversation conversation =
                open(terms(new Owner.Shared(), TestClient.ASKABLE, Duration.ofMillis(30), Duration.ofSeconds(60)));
        TestExchange call = tool(owner, "\"mine\"", "hang", "{}");
        conversation.begin(call);
        Message outcome = call.outcome();
        assertEquals("\"mine\"", outcome.id());
        assertEquals("-32010", JsonText.member(outcome.error(), "code"));
        assertEquals(
                "{\"server\":\"srv\",\"reason\":\"timeout\",\"timeoutMs\":30}",
                JsonText.member(outcome.error(), "data"));
        assertEquals("{\"requestId\":1,\"reason\":\"timeout\"}", link.lastSent().params());
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
        TestExchange next = tool(owner, "2", "hang", "{}");
        conversation.begin(next);
        assertEquals(2, next.outcome().plainId());
        assertEquals(1, call.completions.get());
    }

    @Test
    void progressExtendsACallButNotForEver() throws Exception {
        LegacyConversation conversation =
                open(terms(new Owner.Shared(), TestClient.ASKABLE, Duration.ofMillis(100), Duration.ofMillis(400)));
        TestExchange call = toolWithProgress(owner, "1", "1", "slow", "{}");
        long begun = System.nanoTime();
        conversation.begin(call);
        var ticking = timer.scheduleAtFixedRate(() -> progress("1"), 10, 10, TimeUnit.MILLISECONDS);
        call.outcome();
        ticking.cancel(false);
        long millis = (System.nanoTime() - begun) / 1_000_000;
        assertTrue(millis >= 380 && millis < 5_000, "ended after ms: " + millis);
    }

    @Test
    void failsAllCallsAtOnceWhenItEnds() throws Exception {
        LegacyConversation conversation = open(shared());
        List<TestExchange> calls = java.util.stream.IntStream.range(0, 1000)
                .mapToObj(i -> tool(owner, "\"" + i + "\"", "hang", "{}"))
                .toList();
        calls.forEach(conversation::begin);
        long begun = System.nanoTime();
        conversation.end(KILLED);
        long millis = (System.nanoTime() - begun) / 1_000_000;
        assertTrue(millis < 1_000, "took ms: " + millis);
        for (int i = 0; i < 1000; i++) {
            Message outcome = calls.get(i).outcome();
            assertEquals("\"" + i + "\"", outcome.id());
            assertEquals(
                    "{\"server\":\"srv\",\"code\":\"process_exited\",\"message\":\"killed by \\\"SIGKILL\\\"\",\"remedy\":\"Start it again.\"}",
                    JsonText.member(outcome.error(), "data"));
        }
        TestExchange late = tool(owner, "1", "echo", "{}");
        assertSame(Call.DONE, conversation.begin(late));
        assertEquals("-32010", JsonText.member(late.outcome().error(), "code"));
        conversation.end(KILLED);
        assertEquals(1, late.completions.get());
        assertTrue(link.isClosed());
        assertFalse(heard.closed.isDone());
    }

    @Test
    void failsAllCallsAndTellsWhenTheLinkCloses() throws Exception {
        LegacyConversation conversation = open(shared());
        TestExchange failing =
                new TestExchange(owner, text(tool(owner, "1", "hang", "{}").request()));
        TestExchange call = tool(owner, "2", "hang", "{}");
        conversation.begin(failing);
        conversation.begin(call);
        link.hangUp();
        assertEquals(
                RpcError.SERVER_UNAVAILABLE + "", JsonText.member(call.outcome().error(), "code"));
        assertEquals(
                Problem.PROCESS_EXITED, heard.closed.get(1, TimeUnit.SECONDS).code());
    }

    @Test
    void failsACallThatTheServerDoesNotTake() throws Exception {
        LegacyConversation conversation = open(shared());
        link.fill();
        TestExchange call = tool(owner, "1", "echo", "{}");
        assertSame(Call.DONE, conversation.begin(call));
        assertTrue(call.outcome().error().contains("does not read its input"), call.outcome()::error);
        assertEquals(0, conversation.inFlight());
    }

    @Test
    void passesNotificationsOn() throws Exception {
        LegacyConversation conversation = open(dedicated());
        link.receive("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");
        link.receive("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/unheard/of\"}");
        assertEquals(2, heard.notifications.size());
        conversation.tell(Message.notification(Method.ROOTS_LIST_CHANGED, ""));
        conversation.tell(Message.notification(Method.CANCELLED, "{\"requestId\":1}"));
        conversation.tell(Message.notification(Method.INITIALIZED, ""));
        assertEquals(
                List.of(Method.ROOTS_LIST_CHANGED),
                link.sent().stream().map(Message::method).toList());
    }

    @Test
    void givesLogsToTheClientTheyAreFor() throws Exception {
        LegacyConversation conversation = open(dedicated());
        link.receive(LOG);
        assertEquals(1, owner.told.size());
        TestExchange call = tool(owner, "1", "log", "{}");
        conversation.begin(call);
        link.receive(LOG);
        assertEquals(1, call.told.size());
    }

    @Test
    void leavesLogsOutsideCallsToWhoKnowsTheClients() throws Exception {
        open(shared());
        link.receive(LOG);
        assertEquals(1, heard.notifications.size());
    }

    @Test
    void logsOnForTheClientThatCancelledACall() throws Exception {
        LegacyConversation conversation = open(shared());
        conversation.begin(tool(owner, "1", "slow", "{}")).cancel("enough");
        TestExchange level =
                new TestExchange(owner, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"resources/subscribe\"}");
        conversation.begin(level);
        link.receive(LOG);
        assertEquals(1, level.told.size());
    }

    @Test
    void givesNobodyElseTheLogsOfACallJustCancelled() throws Exception {
        LegacyConversation conversation = open(shared());
        conversation.begin(tool(owner, "1", "slow", "{}")).cancel("enough");
        TestExchange others = tool(other, "1", "log", "{}");
        conversation.begin(others);
        link.receive(LOG);
        assertEquals(0, others.told.size() + heard.notifications.size());
    }

    @Test
    void dropsLogsThatMayBeAnybodys() throws Exception {
        LegacyConversation conversation = open(shared());
        TestExchange mine = tool(owner, "1", "log", "{}");
        TestExchange others = tool(other, "1", "log", "{}");
        conversation.begin(mine);
        conversation.begin(others);
        link.receive(LOG);
        assertEquals(0, mine.told.size() + others.told.size());
        assertEquals(1, conversation.strays());
    }

    @Test
    void goesOnWhenACallerFails() throws Exception {
        LegacyConversation conversation = open(shared());
        TestExchange bad = tool(owner, "1", "ask", "{}");
        bad.outcome.whenComplete((m, e) -> {});
        Exchange throwing = new Exchange() {
            @Override
            public Message request() {
                return bad.request();
            }

            @Override
            public Client client() {
                return owner;
            }

            @Override
            public void tell(Message notification) {
                throw new IllegalStateException("a caller that fails");
            }

            @Override
            public java.util.concurrent.CompletionStage<Message> ask(Message question) {
                throw new IllegalStateException("a caller that fails");
            }

            @Override
            public void complete(Message response) {
                throw new IllegalStateException("a caller that fails");
            }
        };
        conversation.begin(throwing);
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":\"q\",\"method\":\"elicitation/create\",\"params\":{}}");
        assertEquals("\"q\"", link.lastSent().id());
        assertEquals("-32603", JsonText.member(link.lastSent().error(), "code"));
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
        TestExchange good = tool(owner, "2", "echo", "{}");
        conversation.begin(good);
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}");
        assertEquals("2", good.outcome().id());
    }
}

package org.mcpservermanager.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mcpservermanager.conversation.TestExchange.text;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.protocol.Era;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.transport.ScriptedLink;

/** The opening, and modern clients: whatever they send and get is theirs but for id and progress token. */
class ModernConversationTest {
    private static final String META = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientCapabilities\":{},\"traceparent\":\"00-1\"}";
    private static final String DISCOVERED =
            "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"resultType\":\"complete\",\"supportedVersions\":[\"2026-07-28\"],"
                    + "\"capabilities\":{\"tools\":{},\"extensions\":{\"x.y/z\":{}}},\"instructions\":\"Hi\","
                    + "\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{\"name\":\"s\\u0065rver\",\"version\":\"2\"}}}}";

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final ScriptedLink link = new ScriptedLink();
    private final Heard heard = new Heard();
    private final TestClient client = new TestClient(TestClient.MODERN);

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    private Terms terms(Duration request) {
        return new Terms(
                new ServerId("srv"),
                TestClient.ASKABLE,
                new Owner.Shared(),
                heard,
                timer,
                Duration.ofSeconds(10),
                request,
                Duration.ofSeconds(60));
    }

    private CompletableFuture<Conversation> opening() {
        return ModernConversation.open(link, terms(Duration.ofSeconds(30))).toCompletableFuture();
    }

    private ModernConversation open(Duration request) throws Exception {
        CompletableFuture<Conversation> opening =
                ModernConversation.open(link, terms(request)).toCompletableFuture();
        link.receive(DISCOVERED);
        ModernConversation conversation = (ModernConversation) opening.get(10, TimeUnit.SECONDS);
        link.sent().clear();
        return conversation;
    }

    private ModernConversation open() throws Exception {
        return open(Duration.ofSeconds(30));
    }

    private static Problem failure(CompletableFuture<Conversation> opening) {
        ExecutionException e = assertThrows(ExecutionException.class, () -> opening.get(10, TimeUnit.SECONDS));
        return ((ProblemException) e.getCause()).problem();
    }

    private TestExchange request(String id, String method, String rest) {
        return new TestExchange(
                client,
                "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":{" + META + rest
                        + "}}");
    }

    @Test
    void discoversTheServerAndSaysWhatALegacyClientIsTold() throws Exception {
        CompletableFuture<Conversation> opening = opening();
        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"server/discover\",\"params\":{\"_meta\":{"
                        + "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                        + "\"io.modelcontextprotocol/clientInfo\":{\"name\":\"test\",\"version\":\"1\",\"x\":1e400},"
                        + "\"io.modelcontextprotocol/clientCapabilities\":"
                        + "{\"elicitation\":{}, \"sampling\":{}, \"roots\":{}}}}}",
                text(link.lastSent()));
        assertFalse(opening.isDone());
        link.receive(DISCOVERED);
        Peer peer = opening.get(10, TimeUnit.SECONDS).peer();
        assertEquals(Era.MODERN, peer.era());
        assertEquals("server", peer.name());
        assertEquals("2", peer.version());
        assertTrue(DISCOVERED.contains(peer.discoverResult()));
        assertEquals(
                "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},"
                        + "\"serverInfo\":{\"name\":\"s\\u0065rver\",\"version\":\"2\"},\"instructions\":\"Hi\"}",
                peer.initializeResult());
        assertEquals(1, link.sent().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"id\":0,\"error\":{\"code\":-32601,\"message\":\"Method not found\"}",
                "\"id\":0,\"error\":{\"code\":-32602,\"message\":\"no\"}",
                "\"id\":null,\"error\":{\"code\":-32600,\"message\":\"no\"}",
                "\"id\":0,\"error\":{\"code\":-32022,\"message\":\"no data\"}",
                "\"id\":0,\"error\":{\"code\":-32022,\"message\":\"m\",\"data\":{\"supported\":[\"2025-11-25\"]}}",
                "\"id\":0,\"error\":{\"code\":-32021,\"message\":\"no data\"}",
                "\"id\":0,\"error\":{\"code\":1e99,\"message\":\"odd\"}",
                "\"id\":0,\"result\":{}",
                "\"id\":0,\"result\":null",
                "\"id\":0,\"result\":{\"supportedVersions\":[\"2025-11-25\"]}"
            })
    void tellsALegacyServerByItsAnswer(String answer) {
        CompletableFuture<Conversation> opening = opening();
        link.receive("{\"jsonrpc\":\"2.0\"," + answer + "}");
        Problem problem = failure(opening);
        assertEquals(Problem.NOT_MODERN, problem.code());
        assertTrue(problem.message().startsWith("Server 'srv' "), problem.message());
        assertTrue(link.isClosed());
        assertEquals(1, link.sent().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"error\":{\"code\":-32022,\"message\":\"m\",\"data\":{\"supported\":[\"2025-11-25\",\"2027-01-01\"]}}",
                "\"error\":{\"code\":-32021,\"message\":\"m\",\"data\":{\"requiredCapabilities\":{\"roots\":{}}}}",
                "\"error\":{\"code\":-32020,\"message\":\"m\"}",
                "\"result\":{\"supportedVersions\":[\"2027-01-01\"]}"
            })
    void refusesAModernServerItCannotTalkTo(String answer) {
        CompletableFuture<Conversation> opening = opening();
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":0," + answer + "}");
        assertEquals(Problem.HANDSHAKE_FAILED, failure(opening).code());
    }

    @Test
    void takesASilentServerForALegacyOne() {
        Problem problem = failure(ModernConversation.open(link, terms(Duration.ofSeconds(30)), Duration.ofMillis(20))
                .toCompletableFuture());
        assertEquals(Problem.NOT_MODERN, problem.code());
        assertTrue(problem.message().contains("20 ms"), problem.message());
    }

    @Test
    void givesUpOnASilentServerThatIsKnownToBeModern() {
        Terms hasty = new Terms(
                new ServerId("srv"),
                TestClient.ASKABLE,
                new Owner.Shared(),
                heard,
                timer,
                Duration.ofMillis(20),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1));
        assertEquals(
                Problem.STARTUP_TIMEOUT,
                failure(ModernConversation.open(link, hasty, hasty.handshake()).toCompletableFuture())
                        .code());
    }

    @Test
    void failsWhenTheServerGoesAwayBeforeItAnswers() {
        CompletableFuture<Conversation> opening = opening();
        link.hangUp();
        assertEquals(Problem.PROCESS_EXITED, failure(opening).code());
        assertFalse(heard.closed.isDone());
    }

    @Test
    void passesRequestsAndResultsOfModernClientsUntouched() throws Exception {
        ModernConversation conversation = open();
        TestExchange call = request("\"a\"", "x/unknown", ",\"n\":[1e400, -0]");
        conversation.begin(call);
        assertEquals(text(call.request()).replace("\"id\":\"a\"", "\"id\":1"), text(link.lastSent()));
        String result = "\"result\":{\"resultType\":\"input_required\",\"requestState\":\"s\\u0041\",\"ttlMs\":1}}";
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":1," + result);
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":\"a\"," + result, text(call.outcome()));
        assertEquals(0, conversation.inFlight());
    }

    @Test
    void givesProgressBackUnderTheClientsToken() throws Exception {
        ModernConversation conversation = open();
        TestExchange call = new TestExchange(
                client,
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"t\",\"_meta\":{\"progressToken\":\"p\"}}}");
        conversation.begin(call);
        assertEquals("1", link.lastSent().progressToken());
        link.receive(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":1,\"progress\":2}}");
        assertEquals("\"p\"", call.told.get(0).progressToken());
    }

    private static final String LOG =
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"info\",\"data\":1}}";

    private TestExchange logging(TestClient whose) {
        return new TestExchange(
                whose,
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"t\",\"_meta\":"
                        + "{\"io.modelcontextprotocol/logLevel\":\"info\"}}}");
    }

    @Test
    void givesLogsToTheOneCallThatAskedForThem() throws Exception {
        ModernConversation conversation = open();
        TestExchange quiet = request("1", "tools/call", "");
        conversation.begin(quiet);
        link.receive(LOG);
        TestExchange asking = logging(client);
        conversation.begin(asking);
        link.receive(LOG);
        TestExchange others = logging(new TestClient(TestClient.MODERN));
        conversation.begin(others);
        link.receive(LOG);
        assertEquals(0, quiet.told.size() + others.told.size());
        assertEquals(1, asking.told.size());
        assertEquals(2, conversation.strays());
        assertEquals(0, heard.notifications.size());
    }

    @Test
    void cancelsUnderItsOwnIdAndForgetsTheAnswer() throws Exception {
        ModernConversation conversation = open();
        TestExchange call = request("\"x\"", "tools/call", "");
        conversation.begin(call).cancel("enough");
        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1,\"reason\":\"enough\"}}",
                text(link.lastSent()));
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
        assertFalse(call.outcome.isDone());
        assertEquals(0, conversation.inFlight() + conversation.strays());
    }

    @Test
    void routesEachSubscriptionToItsClientUnderItsId() throws Exception {
        ModernConversation conversation = open();
        TestExchange first = request("\"a\"", "subscriptions/listen", ",\"notifications\":{\"toolsListChanged\":true}");
        TestExchange second = request("7", "subscriptions/listen", ",\"notifications\":{}");
        conversation.begin(first);
        conversation.begin(second);
        String acknowledged = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/subscriptions/acknowledged\",\"params\":"
                + "{\"_meta\":{\"a\":1,\"io.modelcontextprotocol/subscriptionId\":1},\"notifications\":{}}}";
        link.receive(acknowledged);
        assertEquals(acknowledged.replace("subscriptionId\":1", "subscriptionId\":\"a\""), text(first.told.get(0)));
        link.receive(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\",\"params\":{\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":2}}}");
        assertEquals(1, second.told.size());
        assertEquals(1, first.told.size());
        assertEquals(0, heard.notifications.size());
        link.receive(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"resultType\":\"complete\",\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":1}}}");
        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"result\":{\"resultType\":\"complete\",\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":\"a\"}}}",
                text(first.outcome()));
    }

    @Test
    void endsASubscriptionThatTheServerTearsDown() throws Exception {
        ModernConversation conversation = open();
        TestExchange listen = request("\"a\"", "subscriptions/listen", ",\"notifications\":{}");
        conversation.begin(listen);
        link.receive("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}");
        assertEquals(
                "{\"resultType\":\"complete\",\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":\"a\"}}",
                listen.outcome().result());
    }

    @Test
    void letsSubscriptionsLastAndDrainsWithoutThem() throws Exception {
        ModernConversation conversation = open(Duration.ofMillis(10));
        TestExchange listen = request("1", "subscriptions/listen", ",\"notifications\":{}");
        conversation.begin(listen);
        TestExchange call = request("1", "tools/call", "");
        conversation.begin(call);
        assertTrue(call.outcome().error().contains("\"reason\":\"timeout\""));
        assertFalse(listen.outcome.isDone());
        assertEquals(0, conversation.inFlight());
        assertTrue(conversation.idle().toCompletableFuture().isDone());
        conversation.end(new Problem(Problem.PROCESS_EXITED, "killed", ""));
        assertEquals("-32010", JsonText.member(listen.outcome().error(), "code"));
    }

    @Test
    void cancelsASubscriptionWithItsClient() throws Exception {
        ModernConversation conversation = open();
        TestExchange listen = request("1", "subscriptions/listen", ",\"notifications\":{}");
        conversation.begin(listen).cancel("gone");
        assertEquals("1", link.lastSent().rawParam("requestId"));
        link.receive(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\",\"params\":{\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":1}}}");
        assertEquals(0, listen.told.size());
        assertFalse(listen.outcome.isDone());
    }

    @Test
    void refusesMoreSubscriptionsThanItsBound() throws Exception {
        ModernConversation conversation = open();
        for (int i = 0; i < Subscriptions.OPEN_MAX; i++) {
            conversation.begin(request("1", "subscriptions/listen", ""));
        }
        TestExchange oneMore = request("1", "subscriptions/listen", "");
        conversation.begin(oneMore);
        assertTrue(oneMore.outcome().error().contains("1024 subscriptions"));
    }

    @Test
    void failsEverythingAtOnceWhenTheServerDies() throws Exception {
        ModernConversation conversation = open();
        TestExchange call = request("1", "tools/call", "");
        conversation.begin(call);
        link.hangUp();
        assertEquals("-32010", JsonText.member(call.outcome().error(), "code"));
        assertEquals(
                Problem.PROCESS_EXITED, heard.closed.get(10, TimeUnit.SECONDS).code());
        TestExchange late = request("2", "subscriptions/listen", "");
        conversation.begin(late);
        assertEquals("-32010", JsonText.member(late.outcome().error(), "code"));
    }

    @Test
    void neverAnswersARequestOfTheServer() throws Exception {
        ModernConversation conversation = open();
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}");
        assertEquals(0, link.sent().size());
        assertEquals(1, conversation.strays());
    }

    @Test
    void passesNotificationsOfModernClientsOnly() throws Exception {
        ModernConversation conversation = open();
        conversation.tell(Message.notification("notifications/roots/list_changed", ""));
        conversation.tell(Message.notification("notifications/cancelled", "{\"requestId\":1," + META + "}"));
        assertEquals(0, link.sent().size());
        conversation.tell(Message.notification("x/y", "{" + META + "}"));
        assertEquals("x/y", link.lastSent().method());
    }
}

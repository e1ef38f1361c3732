package org.mcpservermanager.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mcpservermanager.conversation.TestExchange.text;
import static org.mcpservermanager.conversation.TestExchange.tool;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.transport.ScriptedLink;

/** Clients of earlier revisions before a modern server. */
class LegacyClientsTest {
    private static final String VERSION = "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"";
    private static final String DISCOVERED =
            "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"supportedVersions\":[\"2026-07-28\"],"
                    + "\"capabilities\":{\"tools\":{},\"resources\":{\"subscribe\":true},\"logging\":{}}}}";
    private static final String NAME_ASKED = "\"name\":{\"method\":\"elicitation/create\",\"params\":"
            + "{\"mode\":\"form\",\"message\":\"Who?\",\"requestedSchema\":{\"type\":\"object\",\"properties\":{}}}}";

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final ScriptedLink link = new ScriptedLink();
    private final Heard heard = new Heard();
    private final TestClient client = new TestClient();
    private ModernConversation conversation;

    @BeforeEach
    void open() throws Exception {
        conversation = opened(Duration.ofSeconds(30), Duration.ofSeconds(60));
    }

    private ModernConversation opened(Duration request, Duration requestMax) throws Exception {
        Terms terms = new Terms(
                new ServerId("srv"),
                TestClient.ASKABLE,
                new Owner.Shared(),
                heard,
                timer,
                Duration.ofSeconds(10),
                request,
                requestMax);
        CompletableFuture<Conversation> opening =
                ModernConversation.open(link, terms).toCompletableFuture();
        link.receive(DISCOVERED);
        ModernConversation opened = (ModernConversation) opening.get(10, TimeUnit.SECONDS);
        link.sent().clear();
        return opened;
    }

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    private static TestExchange request(TestClient whose, String method, String params) {
        return new TestExchange(
                whose, "{\"jsonrpc\":\"2.0\",\"id\":\"own\",\"method\":\"" + method + "\",\"params\":" + params + "}");
    }

    private TestExchange begun(String method, String params) {
        TestExchange call = request(client, method, params);
        conversation.begin(call);
        return call;
    }

    private void answer(String outcome) {
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":" + link.lastSent().id() + "," + outcome + "}");
    }

    private void asks(String requests) {
        answer("\"result\":{\"resultType\":\"input_required\"" + requests + "}");
    }

    private static String code(TestExchange call) throws Exception {
        return JsonText.member(call.outcome().error(), "code");
    }

    @Test
    void saysWithEveryRequestWhoAsks() {
        begun(
                "tools/call",
                "{\"name\":\"t\",\"_meta\":{\"traceparent\":\"00-1\",\"io.modelcontextprotocol/x\":1},\"task\":{}}");
        assertEquals(
                "{\"name\":\"t\",\"_meta\":{" + VERSION
                        + ",\"io.modelcontextprotocol/clientInfo\":{\"name\":\"test\",\"version\":\"1\",\"x\":1e400}"
                        + ",\"io.modelcontextprotocol/clientCapabilities\":"
                        + "{\"elicitation\":{}, \"sampling\":{}, \"roots\":{}}"
                        + ",\"traceparent\":\"00-1\"}}",
                link.lastSent().params());
    }

    @Test
    void makesParamsWhereTheClientHadNone() {
        conversation.begin(new TestExchange(client, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}"));
        assertTrue(link.lastSent().rawParam("_meta").contains(VERSION), text(link.lastSent()));
    }

    @Test
    void carriesProgressAndLogs() {
        begun("logging/setLevel", "{\"level\":\"info\"}");
        TestExchange call = begun("tools/call", "{\"name\":\"t\",\"_meta\":{\"progressToken\":\"p\"}}");
        String own = link.lastSent().progressToken();
        assertEquals(link.lastSent().id(), own);
        link.receive("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":" + own
                + ",\"progress\":1}}");
        link.receive("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"info\"}}");
        assertEquals("\"p\"", call.told.get(0).progressToken());
        assertEquals(2, call.told.size());
    }

    @Test
    void keepsTheLevelOfEachClient() throws Exception {
        assertEquals(
                "{}",
                begun("logging/setLevel", "{\"level\":\"debug\"}").outcome().result());
        assertEquals(0, link.sent().size());
        begun("tools/list", "{}");
        assertTrue(link.lastSent().params().contains("logLevel\":\"debug\""), text(link.lastSent()));
        conversation.begin(request(new TestClient(), "tools/list", "{}"));
        assertFalse(link.lastSent().params().contains("logLevel"), text(link.lastSent()));
        assertEquals("-32602", code(begun("logging/setLevel", "{\"level\":\"loud\"}")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tasks/get", "server/discover", "subscriptions/listen", "skills/list", "initialize"})
    void knowsNoMethodsOfOtherErasAndExtensions(String method) throws Exception {
        assertEquals("-32601", code(begun(method, "{}")));
        assertEquals(0, link.sent().size());
    }

    @Test
    void answersPing() throws Exception {
        assertEquals("{}", begun("ping", "{}").outcome().result());
        assertEquals(0, link.sent().size());
    }

    @Test
    void takesAwayWhatIsOfTheModernEra() throws Exception {
        TestExchange list = begun("tools/list", "{}");
        answer("\"result\":{\"tools\":[ ],\"resultType\":\"complete\",\"ttlMs\":5,\"cacheScope\":\"public\","
                + "\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{},\"a\":1}}");
        assertEquals("{\"tools\":[ ],\"_meta\":{\"a\":1}}", list.outcome().result());
        assertEquals("\"own\"", list.outcome().id());
        TestExchange call = begun("tools/call", "{\"name\":\"t\"}");
        answer("\"result\":{\"content\":[],\"ttlMs\":5,\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{}}}");
        assertEquals("{\"content\":[],\"ttlMs\":5}", call.outcome().result());
    }

    @Test
    void wrapsOutputThatIsNoObject() throws Exception {
        TestExchange list = begun("tools/list", "{}");
        answer("\"result\":{\"tools\":[{\"name\":\"o\",\"outputSchema\":{\"type\":\"object\"}},"
                + "{\"name\":\"u\",\"outputSchema\":{\"$defs\":{\"i\":{}},\"type\":[\"array\",\"object\"]}}]}");
        assertEquals(
                "{\"tools\":[{\"name\":\"o\",\"outputSchema\":{\"type\":\"object\"}},"
                        + "{\"name\":\"u\",\"outputSchema\":{\"$defs\":{\"i\":{}},\"type\":\"object\",\"properties\":"
                        + "{\"result\":{\"type\":[\"array\",\"object\"]}},\"required\":[\"result\"]}}]}",
                list.outcome().result());
        for (String[] each : new String[][] {
            {"o", "{\"a\":1}", "{\"a\":1}"},
            {"u", "{\"a\":1}", "{\"result\":{\"a\":1}}"},
            {"x", "[1, 2]", "{\"result\":[1, 2]}"}
        }) {
            TestExchange call = begun("tools/call", "{\"name\":\"" + each[0] + "\"}");
            answer("\"result\":{\"structuredContent\":" + each[1] + "}");
            assertEquals(
                    "{\"structuredContent\":" + each[2] + "}", call.outcome().result());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-32602, u://1, -32002",
        "-32602, u://2, -32602",
        "-32020, x, -32603",
        "-32022, x, -32603",
        "-32021, x, -32021"
    })
    void mapsErrors(String sent, String uri, String expected) throws Exception {
        TestExchange call = begun("resources/read", "{\"uri\":\"u://1\"}");
        answer("\"error\":{\"code\":" + sent + ",\"message\":\"m\",\"data\":{\"uri\":\"" + uri + "\"}}");
        assertEquals(expected, code(call));
        assertEquals("\"m\"", JsonText.member(call.outcome().error(), "message"));
    }

    @Test
    void refusesResultTypesItDoesNotKnow() throws Exception {
        TestExchange call = begun("tools/call", "{\"name\":\"t\"}");
        answer("\"result\":{\"resultType\":\"task\"}");
        assertEquals("-32603", code(call));
    }

    @Test
    void putsAllQuestionsAtOnceAndSendsTheAnswersUnderANewId() throws Exception {
        client.answers = question -> new CompletableFuture<>();
        TestExchange call = tool(client, "\"own\"", "t", "{}");
        List<CompletableFuture<Message>> open = List.of(new CompletableFuture<>(), new CompletableFuture<>());
        call.answers = question -> open.get(call.asked.size() - 1);
        conversation.begin(call);
        String firstId = link.lastSent().id();
        asks(",\"inputRequests\":{" + NAME_ASKED
                + ",\"r\\u0041\":{\"method\":\"roots/list\"}},\"requestState\":\"s\\u0041\\/\"");
        assertEquals(2, call.asked.size());
        assertEquals(1, link.sent().size());
        assertEquals(1, conversation.inFlight());
        open.get(1).complete(Message.result(call.asked.get(1).id(), "{\"roots\":[]}"));
        assertEquals(1, link.sent().size());
        open.get(0).complete(Message.result(call.asked.get(0).id(), "{\"action\":\"accept\"}"));
        Message retry = link.lastSent();
        assertFalse(retry.id().equals(firstId));
        assertEquals("\"s\\u0041\\/\"", retry.rawParam("requestState"));
        assertEquals("{\"name\":{\"action\":\"accept\"},\"rA\":{\"roots\":[]}}", retry.rawParam("inputResponses"));
        assertEquals("{}", retry.rawParam("arguments"));
        answer("\"result\":{\"resultType\":\"complete\",\"content\":[]}");
        assertEquals("{\"content\":[]}", call.outcome().result());
        assertEquals(0, conversation.inFlight() + conversation.strays());
    }

    @Test
    void forgetsTheStateOfAnEarlierRound() {
        begun("tools/call", "{\"name\":\"t\"}");
        asks(",\"inputRequests\":{" + NAME_ASKED + "},\"requestState\":\"1\"");
        assertEquals("\"1\"", link.lastSent().rawParam("requestState"));
        asks(",\"inputRequests\":{" + NAME_ASKED + "}");
        assertEquals("", link.lastSent().rawParam("requestState"));
        assertFalse(link.lastSent().rawParam("inputResponses").isEmpty());
    }

    @Test
    void retriesAtOnceWhereNothingIsAsked() {
        begun("tools/call", "{\"name\":\"t\"}");
        asks(",\"requestState\":\"1\"");
        assertEquals(2, link.sent().size());
        assertEquals("", link.lastSent().rawParam("inputResponses"));
    }

    @Test
    void endsACallThatAsksForEver() throws Exception {
        TestExchange call = begun("tools/call", "{\"name\":\"t\"}");
        for (int i = 0; i <= Rounds.ROUNDS_MAX; i++) {
            asks(",\"inputRequests\":{" + NAME_ASKED + "}");
        }
        assertEquals("-32603", code(call));
        assertEquals(Rounds.ROUNDS_MAX, call.asked.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"inputRequests\":[]",
                ",\"inputRequests\":{\"k\":1}",
                ",\"inputRequests\":{\"k\":{\"method\":\"x/y\",\"params\":{}}}",
                ",\"inputRequests\":{\"k\":{\"method\":\"elicitation/create\"}}",
                ",\"inputRequests\":{\"k\":{\"method\":\"elicitation/create\",\"params\":{\"mode\":\"url\"}}}",
                ",\"inputRequests\":{\"k\":{\"method\":\"sampling/createMessage\",\"params\":{\"tools\":[]}}}"
            })
    void failsACallThatAsksWhatTheClientCannotAnswer(String requests) throws Exception {
        TestExchange call = begun("tools/call", "{\"name\":\"t\"}");
        asks(requests);
        assertEquals("-32603", code(call));
        assertEquals(0, call.asked.size());
        assertEquals(0, conversation.inFlight());
    }

    @Test
    void failsAListThatAsks() throws Exception {
        TestExchange call = begun("tools/list", "{}");
        asks(",\"inputRequests\":{" + NAME_ASKED + "}");
        assertEquals("-32603", code(call));
    }

    @Test
    void cancelsAnElicitationThatIsRefusedAndFailsTheCallOfOtherRefusals() throws Exception {
        TestExchange call = tool(client, "1", "t", "{}");
        call.answers = question -> CompletableFuture.completedFuture(
                Message.error(question.id(), org.mcpservermanager.protocol.RpcError.of(-1, "User said no")));
        conversation.begin(call);
        asks(",\"inputRequests\":{" + NAME_ASKED + "}");
        assertEquals("{\"name\":{\"action\":\"cancel\"}}", link.lastSent().rawParam("inputResponses"));
        asks(",\"inputRequests\":{\"s\":{\"method\":\"sampling/createMessage\",\"params\":{}}}");
        assertTrue(call.outcome().result().contains("User said no"), text(call.outcome()));
        assertTrue(call.outcome().result().contains("\"isError\":true"), text(call.outcome()));
        TestExchange prompt = request(client, "prompts/get", "{\"name\":\"p\"}");
        prompt.answers = call.answers;
        conversation.begin(prompt);
        asks(",\"inputRequests\":{\"r\":{\"method\":\"roots/list\"}}");
        assertEquals("-32603", code(prompt));
    }

    @Test
    void takesItsQuestionsBackWhenTheClientCancels() {
        TestExchange call = tool(client, "1", "t", "{}");
        call.answers = question -> new CompletableFuture<>();
        Call begun = conversation.begin(call);
        asks(",\"inputRequests\":{" + NAME_ASKED + "}");
        begun.cancel("enough");
        assertEquals("notifications/cancelled", call.told.get(0).method());
        assertEquals(call.asked.get(0).id(), call.told.get(0).rawParam("requestId"));
        assertEquals(1, link.sent().size());
        assertEquals(0, conversation.inFlight());
        assertFalse(call.outcome.isDone());
    }

    @Test
    void cancelsTheRoundUnderWay() {
        TestExchange call = tool(client, "1", "t", "{}");
        Call begun = conversation.begin(call);
        asks(",\"inputRequests\":{" + NAME_ASKED + "}");
        String second = link.lastSent().id();
        begun.cancel("enough");
        assertEquals(second, link.lastSent().rawParam("requestId"));
        assertEquals("notifications/cancelled", link.lastSent().method());
    }

    @Test
    void failsACallWhoseClientThinksWhenTheServerDies() throws Exception {
        TestExchange call = tool(client, "1", "t", "{}");
        call.answers = question -> new CompletableFuture<>();
        conversation.begin(call);
        asks(",\"inputRequests\":{" + NAME_ASKED + "}");
        conversation.end(new Problem(Problem.PROCESS_EXITED, "killed", ""));
        assertEquals("-32010", code(call));
        assertEquals("notifications/cancelled", call.told.get(0).method());
        assertEquals(1, call.completions.get());
    }

    @Test
    void givesUpOnAClientThatThinksTooLong() throws Exception {
        conversation = opened(Duration.ofMillis(10), Duration.ofMillis(50));
        TestExchange call = tool(client, "1", "t", "{}");
        call.answers = question -> new CompletableFuture<>();
        conversation.begin(call);
        asks(",\"inputRequests\":{" + NAME_ASKED + "}");
        assertTrue(call.outcome().error().contains("\"reason\":\"timeout\""), text(call.outcome()));
        assertEquals(1, link.sent().size());
    }

    @Test
    void asksOlderClientsWhatTheirRevisionKnows() {
        TestClient older = new TestClient(new Profile("2025-06-18", "{\"elicitation\":{}}", "{}", true));
        TestExchange call = tool(older, "1", "t", "{}");
        conversation.begin(call);
        asks(
                ",\"inputRequests\":{\"k\":{\"method\":\"elicitation/create\",\"params\":{\"mode\":\"form\",\"message\":\"m\","
                        + "\"requestedSchema\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"oneOf\":"
                        + "[{\"const\":\"x\",\"title\":\"X\"},{\"const\":\"y\"}]},\"b\":{\"type\":\"array\"}}}}}}");
        assertEquals(
                "{\"type\":\"object\",\"properties\":{\"a\":{\"enum\":[\"x\",\"y\"],\"enumNames\":[\"X\",\"y\"],\"type\":\"string\"}}}",
                call.asked.get(0).rawParam("requestedSchema"));
        assertEquals("", call.asked.get(0).rawParam("mode"));
    }

    @Test
    void givesAUrlQuestionTheIdThatLegacyClientsNeed() {
        TestClient browsing = new TestClient(new Profile("2025-11-25", "{\"elicitation\":{\"url\":{}}}", "{}", true));
        TestExchange call = tool(browsing, "1", "t", "{}");
        conversation.begin(call);
        asks(
                ",\"inputRequests\":{\"k\":{\"method\":\"elicitation/create\",\"params\":{\"mode\":\"url\",\"url\":\"u\",\"message\":\"m\"}}}");
        assertFalse(call.asked.get(0).param("elicitationId").isEmpty());
    }

    private void acknowledge(Message listen) {
        link.receive(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/subscriptions/acknowledged\",\"params\":{\"_meta\":"
                        + "{\"io.modelcontextprotocol/subscriptionId\":" + listen.id() + "},\"notifications\":{}}}");
    }

    @Test
    void watchesResourcesOfAllClientsWithOneSubscription() throws Exception {
        TestExchange first = begun("resources/subscribe", "{\"uri\":\"u://1\"}");
        Message listen = link.lastSent();
        assertEquals("{\"resourceSubscriptions\":[\"u://1\"]}", listen.rawParam("notifications"));
        assertFalse(first.outcome.isDone());
        acknowledge(listen);
        assertEquals("{}", first.outcome().result());
        TestExchange second = begun("resources/subscribe", "{\"uri\":\"u://2\"}");
        Message both = link.lastSent();
        assertEquals("{\"resourceSubscriptions\":[\"u://1\",\"u://2\"]}", both.rawParam("notifications"));
        acknowledge(both);
        assertEquals("{}", second.outcome().result());
        assertEquals(listen.id(), link.lastSent().rawParam("requestId"));
        link.receive("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\",\"params\":{\"_meta\":"
                + "{\"io.modelcontextprotocol/subscriptionId\":" + both.id() + "},\"uri\":\"u://1\"}}");
        assertEquals("{\"uri\":\"u://1\"}", heard.notifications.get(0).params());
        assertEquals(
                "{}",
                begun("resources/subscribe", "{\"uri\":\"u://1\"}").outcome().result());
        begun("resources/unsubscribe", "{\"uri\":\"u://2\"}");
        assertEquals("{\"resourceSubscriptions\":[\"u://1\"]}", link.lastSent().rawParam("notifications"));
        acknowledge(link.lastSent());
        TestExchange last = begun("resources/unsubscribe", "{\"uri\":\"u://1\"}");
        assertEquals("{}", last.outcome().result());
        assertEquals("notifications/cancelled", link.lastSent().method());
    }

    @Test
    void failsAWatchThatTheServerRefuses() throws Exception {
        TestExchange watch = begun("resources/subscribe", "{\"uri\":\"u://1\"}");
        answer("\"error\":{\"code\":-32602,\"message\":\"no\"}");
        assertEquals("-32602", code(watch));
    }

    @Test
    void failsAWatchWhenTheServerDies() throws Exception {
        TestExchange watch = begun("resources/subscribe", "{\"uri\":\"u://1\"}");
        TestExchange behind = begun("resources/subscribe", "{\"uri\":\"u://2\"}");
        link.hangUp();
        assertEquals("-32010", code(watch));
        assertEquals("-32010", code(behind));
    }

    @Test
    void listensToTheListsThatTheServerAnnounces() throws Exception {
        ScriptedLink other = new ScriptedLink();
        Terms terms = new Terms(
                new ServerId("srv"),
                TestClient.ASKABLE,
                new Owner.Shared(),
                heard,
                timer,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60));
        ModernConversation.open(other, terms);
        other.receive(DISCOVERED.replace("\"tools\":{}", "\"tools\":{\"listChanged\":true}"));
        Message listen = other.lastSent();
        assertEquals("{\"toolsListChanged\":true}", listen.rawParam("notifications"));
        assertTrue(listen.rawParam("_meta").contains(VERSION));
        other.receive("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\",\"params\":{\"_meta\":"
                + "{\"io.modelcontextprotocol/subscriptionId\":" + listen.id() + "}}}");
        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}",
                text(heard.notifications.get(0)));
    }
}

package org.mcpservermanager.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.transport.ScriptedLink;

/** Questions, logs and progress that a legacy server sends about a task, after the call that made it. */
class TaskMessagesTest {
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final ScriptedLink link = new ScriptedLink();
    private final Heard heard = new Heard();
    private final TestClient anna = new TestClient();
    private final TestClient bert = new TestClient();
    private Conversation conversation;

    private void open(Owner owner) throws Exception {
        Terms terms = new Terms(
                new ServerId("srv"),
                TestClient.ASKABLE,
                owner,
                heard,
                timer,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60));
        CompletableFuture<Conversation> opening =
                LegacyConversation.open(link, terms).toCompletableFuture();
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"protocolVersion\":\"2025-11-25\"}}");
        conversation = opening.get(10, TimeUnit.SECONDS);
        link.sent().clear();
    }

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    private TestExchange begins(TestClient client, String method, String params) {
        TestExchange exchange = new TestExchange(
                client, "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"" + method + "\",\"params\":" + params + "}");
        conversation.begin(exchange);
        return exchange;
    }

    /** @return our number of the call, which is its progress token too */
    private String makes(TestClient client, String task) {
        begins(client, "tools/call", "{\"name\":\"t\",\"task\":{},\"_meta\":{\"progressToken\":\"own\"}}");
        String number = link.lastSent().id();
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":" + number + ",\"result\":{\"task\":{\"taskId\":\"" + task
                + "\",\"status\":\"working\"}}}");
        return number;
    }

    private TestExchange waits(TestClient client, String task) {
        return begins(client, "tasks/result", "{\"taskId\":\"" + task + "\"}");
    }

    private static String related(String task) {
        return "\"_meta\":{\"io.modelcontextprotocol/related-task\":{\"taskId\":\"" + task + "\"}}";
    }

    private void asks(String task) {
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":\"q\",\"method\":\"elicitation/create\",\"params\":{" + related(task)
                + "}}");
    }

    private void says(String method, String params) {
        link.receive("{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":{" + params + "}}");
    }

    private String lastErrorCode() {
        return JsonText.member(link.lastSent().error(), "code");
    }

    private static List<String> methods(List<Message> messages) {
        return messages.stream().map(Message::method).toList();
    }

    @Test
    void aQuestionIsForWhoMadeTheTaskWhateverElseIsOpen() throws Exception {
        open(new Owner.Shared());
        makes(anna, "t1");
        TestExchange call = TestExchange.tool(bert, "1", "ask", "{}");
        conversation.begin(call);

        asks("t1");

        assertEquals(1, anna.asked.size());
        assertEquals(0, bert.asked.size() + call.asked.size());
        assertEquals("{\"by\":\"client\"}", link.lastSent().result());
    }

    @Test
    void aQuestionIsPutWithinTheWaitForTheResult() throws Exception {
        open(new Owner.Shared());
        makes(anna, "t1");
        makes(bert, "t2");
        TestExchange first = waits(anna, "t1");
        TestExchange second = waits(bert, "t2");

        asks("t1");

        assertEquals(1, first.asked.size());
        assertEquals(0, second.asked.size() + anna.asked.size());
    }

    @Test
    void aQuestionOfATaskThatNobodyMadeIsForNobody() throws Exception {
        open(new Owner.Shared());
        TestExchange call = TestExchange.tool(bert, "1", "ask", "{}");
        conversation.begin(call);
        asks("t1");
        assertEquals(0, bert.asked.size() + call.asked.size());
        assertEquals("-32601", lastErrorCode());
    }

    @Test
    void aQuestionOfATaskWhoseMakerLeftIsForNobody() throws Exception {
        open(new Owner.Shared());
        makes(anna, "t1");
        anna.gone = true;
        TestExchange call = TestExchange.tool(bert, "1", "ask", "{}");
        conversation.begin(call);
        asks("t1");
        assertEquals(0, anna.asked.size() + bert.asked.size() + call.asked.size());
        assertEquals("-32601", lastErrorCode());
    }

    @Test
    void whoDeclaredNothingIsNotAskedOutsideCalls() throws Exception {
        open(new Owner.Shared());
        TestClient mute = new TestClient(new Profile("2025-11-25", "{}", "{}", false));
        makes(mute, "t1");
        asks("t1");
        assertEquals(0, mute.asked.size());
        assertEquals("-32601", lastErrorCode());
    }

    @Test
    void whoHasTheServerForItselfIsAskedWhereItWaitsForThisTask() throws Exception {
        open(new Owner.Dedicated(anna));
        makes(anna, "t1");
        makes(anna, "t2");
        TestExchange first = waits(anna, "t1");
        TestExchange second = waits(anna, "t2");
        asks("t1");
        asks("t3");
        assertEquals(1, first.asked.size());
        assertEquals(1, second.asked.size(), "the latest, where nothing is certain");
    }

    @Test
    void progressAfterTheCallGoesToWhoMadeTheTaskWithItsToken() throws Exception {
        open(new Owner.Shared());
        String token = makes(anna, "t1");
        makes(bert, "t2");

        says("notifications/progress", "\"progressToken\":" + token + ",\"progress\":1");

        assertEquals(List.of("notifications/progress"), methods(anna.told));
        assertEquals("\"own\"", anna.told.get(0).progressToken());
        TestExchange waiting = waits(anna, "t1");
        says("notifications/progress", "\"progressToken\":\"x\",\"progress\":2," + related("t1"));
        assertEquals("\"own\"", waiting.told.get(0).progressToken());
        assertEquals(List.of(), bert.told);
    }

    @Test
    void logsOfATaskGoToWhoMadeItOrToNobody() throws Exception {
        open(new Owner.Shared());
        makes(anna, "t1");
        conversation.begin(TestExchange.tool(bert, "1", "log", "{}"));

        says("notifications/message", "\"level\":\"info\",\"data\":1," + related("t1"));
        assertEquals(List.of("notifications/message"), methods(anna.told));
        anna.gone = true;
        says("notifications/message", "\"level\":\"info\",\"data\":2," + related("t1"));
        says("notifications/message", "\"level\":\"info\",\"data\":3," + related("t9"));

        assertEquals(1, anna.told.size());
        assertEquals(List.of(), bert.told);
        assertEquals(List.of(), heard.notifications);
    }
}

package org.mcpservermanager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.gateway.Bench.Front;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Phase;

/** What stateless clients hear of their tasks at servers of their own era. */
class PassedNewsTest {
    private static final String TASKS = "{\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}";
    private final Bench bench = new Bench();
    private final FakeRouter.FakeServer git = bench.router
            .add("git")
            .answers("tools/list", "{\"tools\":[{\"name\":\"say\"}]}")
            .answers("tools/call", "{\"resultType\":\"task\",\"taskId\":\"t1\",\"status\":\"working\"}")
            .holds("subscriptions/listen");

    @BeforeEach
    void itRuns() {
        git.version = "2026-07-28";
        bench.becomes("git", Phase.RUNNING);
    }

    private String created(Front front, String tool) {
        String text = bench.stateless(front, "tools/call", TASKS, "\"name\":\"" + tool + "\",", "")
                .text();
        return JsonText.member(JsonText.member(text, "result"), "taskId");
    }

    private FakeReply listen(Front front, String... ids) {
        return bench.stateless(
                front,
                "subscriptions/listen",
                TASKS,
                "\"notifications\":{\"taskIds\":[" + String.join(",", ids) + "]},",
                "");
    }

    private Exchange listening() {
        return git.last();
    }

    private void acknowledges(String ids) {
        listening()
                .tell(Message.notification(
                        "notifications/subscriptions/acknowledged", "{\"notifications\":{\"taskIds\":" + ids + "}}"));
    }

    private void tells(String id, String status) {
        listening()
                .tell(Message.notification(
                        "notifications/tasks",
                        "{\"taskId\":\"" + id + "\",\"status\":\"" + status
                                + "\",\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":7}}"));
        bench.timer.advance(Duration.ofMillis(50));
    }

    private static List<String> told(FakeReply listen) {
        return listen.sink.data().stream()
                .map(each -> JsonText.without(JsonText.member(each, "params"), java.util.Set.of("_meta")))
                .toList();
    }

    @Test
    void overAllServersIdsAreTheClients() {
        String id = created(Bench.all(), "git__say");
        FakeReply listen = listen(Bench.all(), id, "\"t1\"");
        assertEquals("{\"taskIds\":[\"t1\"]}", listening().request().rawParam("notifications"));
        assertNull(listen.sink, "the server is not yet there");

        acknowledges("[\"t1\"]");
        tells("t1", "completed");
        tells("t2", "completed");

        assertEquals(
                List.of(
                        "{\"notifications\":{\"taskIds\":[" + id + "]}}",
                        "{\"taskId\":" + id + ",\"status\":\"completed\"}"),
                told(listen));
    }

    @Test
    void aServerThatGrantsNoneTellsNothing() {
        FakeReply listen = listen(Bench.all(), created(Bench.all(), "git__say"));
        acknowledges("[]");
        assertEquals(List.of("{\"notifications\":{}}"), told(listen));
        assertEquals(1, bench.router.cancelled.size());
    }

    @Test
    void whoLeavesEndsItAtTheServer() {
        FakeReply listen = listen(Bench.all(), created(Bench.all(), "git__say"));
        acknowledges("[\"t1\"]");
        listen.sink.disconnect();
        assertEquals(1, bench.router.cancelled.size());
    }

    @Test
    void aServerThatEndsItEndsThatOfTheClient() {
        FakeReply listen = listen(Bench.all(), created(Bench.all(), "git__say"));
        acknowledges("[\"t1\"]");
        listening().complete(Message.result("1", "{\"resultType\":\"complete\"}"));
        assertFalse(listen.sink.open);
    }

    @Test
    void atOneServerOthersDoNotHearOfIt() {
        created(Bench.one("git"), "say");
        listen(Bench.one("git").caller("bert"), "\"t1\"", "\"t2\"");
        assertEquals("{\"taskIds\":[\"t2\"]}", listening().request().rawParam("notifications"));
        listen(Bench.one("git"), "\"t1\"");
        assertEquals("{\"taskIds\":[\"t1\"]}", listening().request().rawParam("notifications"));
    }
}

package org.mcpservermanager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mcpservermanager.gateway.Bench.all;
import static org.mcpservermanager.gateway.Bench.notification;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.Phase;

/** Tasks at the endpoint over all servers. */
class AggregateTasksTest extends TasksOfTwo {
    private static final String TASK = "{\"taskId\":\"t1\",\"status\":\"working\"}";

    @Override
    void hasTasks(String id, FakeRouter.FakeServer server) {
        server.answers("tools/call", "{\"task\":" + TASK + "}")
                .answers("tasks/get", TASK)
                .answers("tasks/cancel", TASK.replace("working", "cancelled"))
                .answers(
                        "tasks/result",
                        "{\"content\":[\"" + id + "\"],\"_meta\":{\"" + SessionTasks.RELATED
                                + "\":{\"taskId\":\"t1\"}}}");
        server.capabilities = "{\"tools\":{},\"tasks\":{\"list\":{},\"requests\":{\"tools\":{\"call\":{}}}}}";
    }

    private String outcome(Bench.Front front, String method, String params) {
        return bench.call(front, method, params).outcome();
    }

    private String begin(Bench.Front front, String tool) {
        String task = JsonText.member(
                outcome(front, "tools/call", "{\"name\":\"" + tool + "\",\"arguments\":{},\"task\":{\"ttl\":1}}"),
                "task");
        return RawJson.string(task, "taskId");
    }

    @Test
    void declaresTasksWhenAServerHasThem() {
        assertTrue(bench.initialize(all(), "2025-11-25", "{}").text().contains("\"tasks\":{\"list\":{},\"cancel\":{}"));
        assertFalse(bench.initialize(all(), "2025-06-18", "{}").text().contains("\"tasks\":{\"list\""));
        bench.becomes("git", Phase.STOPPED);
        bench.becomes("files", Phase.STOPPED);
        assertFalse(bench.initialize(all(), "2025-11-25", "{}").text().contains("\"tasks\":{\"list\""));
    }

    @Test
    void aTaskIsFoundAtItsServer() {
        Bench.Front front = bench.opened(all(), "2025-11-25");
        assertEquals("t1", begin(front, "git__say"));
        assertEquals(
                "{\"name\":\"say\",\"arguments\":{},\"task\":{\"ttl\":1}}",
                git.received("tools/call").get(0).params());
        assertEquals(TASK, outcome(front, "tasks/get", "{\"taskId\":\"t1\"}"));
        assertTrue(outcome(front, "tasks/result", "{\"taskId\":\"t1\"}").contains("[\"git\"]"));
        assertTrue(outcome(front, "tasks/cancel", "{\"taskId\":\"t1\"}").contains("cancelled"));
        assertEquals(List.of(), files.received("tasks/get"));
    }

    @Test
    void equalIdsOfTwoServersAreToldApart() {
        Bench.Front front = bench.opened(all(), "2025-11-25");
        begin(front, "git__say");
        assertEquals("t1.files", begin(front, "files__say"));
        assertTrue(outcome(front, "tasks/get", "{\"taskId\":\"t1.files\"}").contains("\"taskId\":\"t1.files\""));
        assertEquals("{\"taskId\":\"t1\"}", files.received("tasks/get").get(0).params());
        String result = outcome(front, "tasks/result", "{\"taskId\":\"t1.files\"}");
        assertTrue(result.contains("[\"files\"]") && result.contains("{\"taskId\":\"t1.files\"}"), result);
        String list = outcome(front, "tasks/list", "{}");
        assertEquals("{\"tasks\":[" + TASK + "," + TASK.replace("t1", "t1.files") + "]}", list);
    }

    @Test
    void aSessionSeesItsOwnTasksOnly() {
        begin(bench.opened(all(), "2025-11-25"), "git__say");
        Bench.Front other = bench.opened(all(), "2025-11-25");
        assertEquals("{\"tasks\":[]}", outcome(other, "tasks/list", "{}"));
        for (String method : List.of("tasks/get", "tasks/result", "tasks/cancel")) {
            assertEquals(
                    "{\"code\":-32602,\"message\":\"Task not found: t1\"}",
                    outcome(other, method, "{\"taskId\":\"t1\"}"));
        }
    }

    @Test
    void aTaskThatItsServerForgotIsNotListedAgain() {
        Bench.Front front = bench.opened(all(), "2025-11-25");
        begin(front, "git__say");
        git.handlers.put(
                "tasks/get",
                exchange -> exchange.complete(org.mcpservermanager.protocol.Message.error(
                        exchange.request().id(), RpcError.of(RpcError.INVALID_PARAMS, "expired"))));
        assertEquals("{\"tasks\":[]}", outcome(front, "tasks/list", "{}"));
        assertTrue(outcome(front, "tasks/get", "{\"taskId\":\"t1\"}").contains("Task not found"));
        assertTrue(outcome(front, "tasks/list", "{\"cursor\":\"x\"}").contains("-32602"));
    }

    @Test
    void newsOfItsOwnTasksReachASession() {
        Bench.Front front = bench.opened(all(), "2025-11-25");
        begin(front, "git__say");
        FakeReply stream = bench.send("GET", front, "");
        var client = git.last().client();
        client.tell(
                Gateway.parse(notification("notifications/tasks/status", TASK).getBytes(StandardCharsets.UTF_8)));
        client.tell(Gateway.parse(notification("notifications/tasks/status", TASK.replace("t1", "t2"))
                .getBytes(StandardCharsets.UTF_8)));
        assertEquals(List.of(notification("notifications/tasks/status", TASK)), stream.sink.data());
    }
}

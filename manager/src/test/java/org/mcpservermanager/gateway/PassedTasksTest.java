package org.mcpservermanager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.mcpservermanager.gateway.Bench.Front;
import org.mcpservermanager.protocol.JsonText;

/** Tasks of stateless clients at servers of their own era. */
class PassedTasksTest extends TasksOfTwo {
    private static final String TASKS = "{\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}";
    private static final String TASK = "{\"resultType\":\"task\",\"taskId\":\"t1\",\"status\":\"working\"}";
    private static final String COMPLETED = "{\"resultType\":\"complete\",\"taskId\":\"t1\",\"status\":\"completed\"}";

    @Override
    void hasTasks(String id, FakeRouter.FakeServer server) {
        server.answers("tools/call", TASK)
                .answers("tasks/get", COMPLETED)
                .answers("tasks/update", "{\"resultType\":\"complete\"}");
        server.version = "2026-07-28";
    }

    private String outcome(Front front, String method, String more) {
        return bench.stateless(front, method, TASKS, more, "").outcome();
    }

    private static String id(String task) {
        return "\"taskId\":" + JsonText.member(task, "taskId") + ",";
    }

    @Test
    void atOneServerEverythingIsAsTheServerSaysIt() {
        Front front = Bench.one("git");
        assertEquals(TASK, outcome(front, "tools/call", "\"name\":\"say\","));
        assertEquals(COMPLETED, outcome(front, "tasks/get", "\"taskId\":\"t1\","));
    }

    @Test
    void atOneServerATaskIsItsCallersAndOneThatNobodyMadeIsTheServersToRefuse() {
        Front front = Bench.one("git");
        outcome(front, "tools/call", "\"name\":\"say\",");

        String refused = outcome(front.caller("bert"), "tasks/get", "\"taskId\":\"t1\",");

        assertEquals("{\"code\":-32602,\"message\":\"Task not found\"}", refused);
        assertEquals(0, git.received("tasks/get").size());
        assertEquals(COMPLETED, outcome(front.caller("bert"), "tasks/get", "\"taskId\":\"t2\","));
    }

    @Test
    void overAllServersATaskIsFoundAtItsServer() {
        Front front = Bench.all();
        String first = outcome(front, "tools/call", "\"name\":\"files__say\",");
        String second = outcome(front, "tools/call", "\"name\":\"git__say\",");
        assertTrue(first.contains("\"status\":\"working\"") && !first.contains("\"t1\""), first);

        String task = outcome(front, "tasks/get", id(second));

        assertEquals(id(second), id(task));
        assertEquals("t1", git.received("tasks/get").get(0).param("taskId"));
        assertEquals(0, files.received("tasks/get").size());
        assertEquals(
                "{\"resultType\":\"complete\"}", outcome(front, "tasks/update", id(first) + "\"inputResponses\":{},"));
        assertEquals(1, files.received("tasks/update").size());
    }

    @Test
    void overAllServersATaskIsNoOtherCallers() {
        String task = outcome(Bench.all(), "tools/call", "\"name\":\"git__say\",");

        for (String unknown : new String[] {id(task), "\"taskId\":\"t1\",", ""}) {
            String refused = outcome(Bench.all().caller("bert"), "tasks/get", unknown);
            assertEquals("{\"code\":-32602,\"message\":\"Task not found\"}", refused);
        }
        assertEquals(0, git.received("tasks/get").size());
    }

    @Test
    void whoDidNotDeclareTasksIsToldSo() {
        FakeReply reply = bench.stateless(Bench.all(), "tasks/get", "\"taskId\":\"t1\",");

        assertEquals(400, reply.status());
        assertTrue(
                reply.text().contains("-32021") && reply.text().contains("{\"requiredCapabilities\":" + TASKS + "}"),
                reply.text());
    }

    /** The seal of calls and that of tasks must not be taken for each other. */
    @Test
    void aTaskIsNoRequestState() {
        String task = outcome(Bench.all(), "tools/call", "\"name\":\"git__say\",");
        bench.router.add("old").answers("tools/call", "{\"content\":[]}");

        String refused = outcome(
                Bench.one("old"),
                "tools/call",
                "\"name\":\"say\",\"requestState\":" + JsonText.member(task, "taskId") + ",");

        assertTrue(refused.contains("invalid_request_state"), refused);
    }
}

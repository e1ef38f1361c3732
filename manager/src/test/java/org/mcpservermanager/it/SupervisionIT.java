package org.mcpservermanager.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mcpservermanager.it.McpClient.toolParams;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.faults.Fault;
import org.mcpservermanager.fixture.EchoServer;
import org.mcpservermanager.fixture.Launching;

/** Servers die, are replaced, and do what operators say. */
@OnServer
class SupervisionIT {
    private static final Duration AT_ONCE = Duration.ofMillis(50);
    private static final Duration ON_A_BUSY_MACHINE = Duration.ofSeconds(1);
    private final Tagged tagged = new Tagged();
    private final Deque<String> defined = new ArrayDeque<>();
    private Api api;

    @BeforeEach
    void connect() {
        api = Api.of(ManagerUnderTest.get());
    }

    @AfterEach
    void removeServers() {
        defined.forEach(api::remove);
    }

    private String echo(String id) {
        define(id, Launching.command(EchoServer.class), "");
        api.awaitPhase(id, "running");
        return id;
    }

    private void define(String id, List<String> command, String more) {
        defined.add(id);
        api.define(id, command, more);
    }

    @Test
    @Fault(34)
    void callsFailAtOnceWhenTheirServerIsKilled() {
        List<Loss> losses = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            losses.add(killed(echo("sup-kill-" + i)));
        }
        assertTrue(losses.stream().allMatch(loss -> loss.delay().compareTo(ON_A_BUSY_MACHINE) < 0), losses.toString());
        assertTrue(losses.stream().filter(Loss::isToldAtOnce).count() >= 2, losses.toString());
    }

    private record Loss(Duration delay, JsonObject data) {
        private boolean isToldAtOnce() {
            return delay.compareTo(AT_ONCE) < 0
                    && data.getString("phase").equals("backoff")
                    && data.getInt("retryAfterMs") > 0
                    && data.getInt("retryAfterMs") <= 1_100;
        }
    }

    private Loss killed(String id) {
        try (McpClient client = api.client(id)) {
            client.open();
            McpClient.Call first = client.begin("tools/call", toolParams("slow", "{\"ms\":60000}"));
            McpClient.Call second = client.begin("tools/call", toolParams("hang", "{}"));
            api.await(id, server -> server.getInt("inFlight") == 2, "two calls in flight");
            ProcessHandle process = ProcessHandle.of(api.pid(id)).orElseThrow();

            long start = System.nanoTime();
            process.destroyForcibly();
            JsonObject error = first.response().getJsonObject("error");
            Duration delay = Duration.ofNanos(System.nanoTime() - start);

            assertTrue(error.getString("message").contains(id), error.toString());
            assertTrue(second.response()
                    .getJsonObject("error")
                    .getString("message")
                    .contains(id));
            assertEquals(id, error.getJsonObject("data").getString("server"));
            return new Loss(delay, error.getJsonObject("data"));
        }
    }

    @Test
    @Fault(13)
    void aKilledServerIsReplacedAndNothingOfItsTreeIsLeft() {
        define("sup-tree", tagged.withChild(Launching.command(EchoServer.class)), ",\"restart_delay\":\"100ms\"");
        JsonObject before = api.awaitPhase("sup-tree", "running");
        ProcessHandle server = ProcessHandle.of(before.getInt("pid")).orElseThrow();
        // other copies have children, too
        List<String> family = server.descendants()
                .map(process -> Long.toString(process.pid()))
                .toList();
        assertFalse(family.isEmpty(), "the child of the server");

        server.destroyForcibly();

        JsonObject after = api.await(
                "sup-tree",
                shown -> shown.getString("phase").equals("running") && shown.getInt("pid") != before.getInt("pid"),
                "another pid");
        assertEquals(before.getInt("generation") + 1, after.getInt("generation"));
        assertEquals(1, after.getInt("restartCount"));
        assertTrue(
                tagged.alive().stream().noneMatch(alive -> family.contains(alive.split(" ")[0])),
                () -> family + " and now " + tagged.alive());
        try (McpClient client = api.client("sup-tree")) {
            client.open();
            assertEquals(
                    after.getInt("pid"),
                    client.tool("pid", "{}").getJsonObject("structuredContent").getInt("pid"));
        }
    }

    @Test
    void aCallThatComesWhileTheServerIsReplacedWaitsForIt() {
        String id = echo("sup-wait");
        try (McpClient client = api.client(id)) {
            client.open();
            long pid = api.pid(id);

            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            api.await(id, server -> server.getInt("pid") != pid, "another pid, or none");

            assertNotEquals(
                    pid,
                    client.tool("pid", "{}").getJsonObject("structuredContent").getInt("pid"));
        }
    }

    @Test
    void stopsStartsAndRestartsByOrder() {
        String id = echo("sup-order");
        long first = api.pid(id);

        JsonObject stopped = Api.expect(200, api.post("/api/mcp/servers/" + id + "/stop", ""));
        assertTrue(stopped.getBoolean("success"), stopped.toString());
        assertEquals("stopped", api.phase(id));
        assertFalse(ProcessHandle.of(first).isPresent(), "the process of a stopped server");
        try (McpClient client = api.client(id)) {
            JsonObject error = client.begin(
                            "initialize",
                            "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"it\",\"version\":\"1\"}}")
                    .response()
                    .getJsonObject("error");
            assertTrue(error.getString("message").contains(id), error.toString());
            assertTrue(error.getString("message").contains("stopped"), error.toString());
        }

        Api.expect(200, api.post("/api/mcp/servers/" + id + "/start", ""));
        assertEquals("running", api.phase(id));
        long second = api.pid(id);

        Api.expect(200, api.post("/api/mcp/servers/" + id + "/restart", ""));
        assertEquals("running", api.phase(id));
        assertNotEquals(second, api.pid(id));
        assertEquals(0, api.server(id).getInt("restartCount"), "restarts that nobody asked for");
    }

    @Test
    void restartsManyByOneOrder() {
        String one = echo("sup-bulk-1");
        String other = echo("sup-bulk-2");
        long pid = api.pid(one);
        long otherPid = api.pid(other);

        JsonObject answer = Api.expect(
                200, api.post("/api/mcp/servers/restart", "{\"ids\":[\"sup-bulk-1\",\"sup-bulk-2\",\"nobody\"]}"));

        assertNotEquals(pid, api.pid(one));
        assertNotEquals(otherPid, api.pid(other));
        assertTrue(answer.toString().contains("server_not_found"), answer.toString());
    }

    @Test
    void aCommandThatDoesNotExistIsFatalAndSaysWhatToDo() {
        define("sup-nocmd", List.of("/nowhere/mcp-server"), "");

        JsonObject server = api.awaitPhase("sup-nocmd", "fatal");

        JsonObject problem = server.getJsonObject("problem");
        assertEquals("command_not_found", problem.getString("code"));
        assertTrue(problem.getString("message").contains("/nowhere/mcp-server"), problem.toString());
        assertFalse(problem.getString("remedy").isEmpty());
        assertEquals(422, api.post("/api/mcp/servers/sup-nocmd/start", "").statusCode());
    }

    @Test
    void aServerThatCrashesAgainAndAgainIsParked() {
        define(
                "sup-crash",
                List.of("sh", "-c", "echo no luck >&2; exit 3"),
                ",\"restart_delay\":\"20ms\",\"restart_delay_max\":\"50ms\",\"max_restart_attempts\":3");

        JsonObject server = api.await(
                "sup-crash",
                each -> each.getString("phase").equals("parked") && each.containsKey("exit"),
                "parked, with its exit");

        assertEquals(4, server.getInt("starts"), "one start and three more attempts");
        assertEquals(3, server.getJsonObject("exit").getInt("code"));
        assertTrue(server.containsKey("nextTryAt"), server.toString());
        assertTrue(api.get("/api/mcp/servers/sup-crash/logs").body().contains("no luck"));
    }

    @Test
    void aServerThatNeverSpeaksIsGivenUpInTime() {
        define(
                "sup-mute",
                Launching.command(EchoServer.class, "mute"),
                ",\"startup_timeout\":1,\"startup_timeout_max\":2");

        JsonObject server =
                api.await("sup-mute", each -> each.getString("phase").equals("backoff"), "backoff");

        assertEquals("startup_timeout", server.getJsonObject("problem").getString("code"));
    }

    @Test
    void aRemovedServerLeavesNothingBehind() {
        define("sup-gone", tagged.nasty(), ",\"end_of_input_timeout\":\"100ms\",\"shutdown_timeout\":\"200ms\"");
        api.awaitPhase("sup-gone", "running");
        assertTrue(tagged.alive().size() >= 4, () -> tagged.alive().toString());

        api.remove("sup-gone");

        assertEquals(List.of(), tagged.alive());
        assertEquals(404, api.get("/api/mcp/servers/sup-gone").statusCode());
    }
}

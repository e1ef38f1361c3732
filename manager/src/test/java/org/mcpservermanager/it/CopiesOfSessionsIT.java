package org.mcpservermanager.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mcpservermanager.it.McpClient.toolParams;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.fixture.ConformanceServer;
import org.mcpservermanager.fixture.Launching;

/** The process behind a session dies; the session goes on with the next one, which is told what the one before was. */
@OnServer
class CopiesOfSessionsIT {
    private static final String ID = "ses-copy";
    private static final String MARK = "mark-of-ses-copy";
    private static final String WATCHED = "{\"uri\":\"test://watched-resource\"}";
    private static final String UPDATED = "notifications/resources/updated";
    private static final String TOOLS_CHANGED = "notifications/tools/list_changed";
    private static final Duration AT_ONCE = Duration.ofSeconds(1);
    private Api api;

    @BeforeEach
    void runServer() {
        api = Api.of(ManagerUnderTest.get());
        api.define(ID, Launching.command(ConformanceServer.class, MARK), ",\"restart_delay\":\"100ms\"");
        api.awaitPhase(ID, "running");
    }

    /** A copy that is still ending would be taken for one of the next test. */
    @AfterEach
    void removeServer() {
        api.remove(ID);
        Api.until(() -> copies().isEmpty(), () -> "the end of " + copies());
    }

    private static List<ProcessHandle> copies() {
        return ManagerUnderTest.get()
                .process()
                .descendants()
                .filter(process -> process.info().commandLine().orElse("").contains(MARK)
                        || List.of(process.info().arguments().orElse(new String[0]))
                                .contains(MARK))
                .toList();
    }

    /** A copy may be several processes, one in the other. */
    private static boolean isOf(long shared, ProcessHandle process) {
        return process.pid() == shared
                || process.parent().filter(parent -> isOf(shared, parent)).isPresent();
    }

    private static McpClient prepared(McpClient client) {
        client.open();
        client.result("logging/setLevel", "{\"level\":\"error\"}");
        client.result("resources/subscribe", WATCHED);
        return client.listen();
    }

    /** Level and subscription are what they were before the death. */
    private static void knowsItAll(McpClient client) {
        McpClient.Call quiet = client.begin("tools/call", toolParams("test_logging_tool", "{}"));
        assertTrue(quiet.response().containsKey("result"), quiet.text());
        assertEquals(List.of(), quiet.heard);
        client.tool("test_update_watched_resource", "{}");
        client.hear(UPDATED);
    }

    @Test
    void theSharedCopy() {
        try (McpClient client = prepared(api.client(ID))) {
            long pid = api.pid(ID);
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            api.await(
                    ID,
                    server -> server.getString("phase").equals("running") && server.getInt("pid") != pid,
                    "running with another pid");

            client.hear(TOOLS_CHANGED);
            knowsItAll(client);
        }
    }

    @Test
    void anOwnCopy() {
        try (McpClient client =
                prepared(api.client(ID).answering("elicitation/create", params -> JsonObject.EMPTY_JSON_OBJECT))) {
            long shared = api.pid(ID);
            McpClient.Call slow = client.begin("tools/call", toolParams("test_slow", "{\"ms\":60000}"));
            Api.until(() -> api.server(ID).getInt("inFlight") >= 1, () -> "the call reached the copy");
            // the gateway may have one too, to know what such clients see
            List<ProcessHandle> others =
                    copies().stream().filter(copy -> !isOf(shared, copy)).toList();
            assertFalse(others.isEmpty(), "its own copy");

            long start = System.nanoTime();
            others.forEach(ProcessHandle::destroyForcibly);
            JsonObject failed = slow.response();
            Duration delay = Duration.ofNanos(System.nanoTime() - start);

            assertTrue(failed.containsKey("error"), failed.toString());
            assertTrue(delay.compareTo(AT_ONCE) < 0, delay.toString());
            assertEquals(shared, api.pid(ID));
            client.tool("test_whoami", "{}");
            client.hear(TOOLS_CHANGED);
            knowsItAll(client);
        }
    }

    @Test
    void anOwnCopyWhenItsServerIsRestarted() {
        try (McpClient client =
                prepared(api.client(ID).answering("elicitation/create", params -> JsonObject.EMPTY_JSON_OBJECT))) {
            Api.expect(200, api.post("/api/mcp/servers/" + ID + "/restart", ""));
            api.awaitPhase(ID, "running");

            knowsItAll(client);
        }
    }
}

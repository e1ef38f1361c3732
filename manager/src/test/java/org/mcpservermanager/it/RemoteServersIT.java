package org.mcpservermanager.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.fixture.HttpConformanceServer;

/** Servers that are reached over the network: those that run elsewhere, and those that the manager starts on a port. */
@OnServer
class RemoteServersIT {
    private final Deque<String> defined = new ArrayDeque<>();
    private final List<Process> processes = new ArrayList<>();
    private Api api;

    @BeforeEach
    void connect() {
        api = Api.of(ManagerUnderTest.get());
    }

    @AfterEach
    void end() {
        defined.forEach(api::remove);
        processes.forEach(Process::destroyForcibly);
    }

    private Process elsewhere(int port) {
        try {
            Process process = new ProcessBuilder(HttpConformanceServer.command(Integer.toString(port)))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            processes.add(process);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void remote(String id, int port) {
        defined.add(id);
        Api.expect(
                201,
                api.post(
                        "/api/mcp/servers",
                        "{\"id\":\"" + id + "\",\"url\":\"http://127.0.0.1:" + port
                                + "/mcp\",\"restart_delay\":\"200ms\",\"max_restart_attempts\":100}"));
    }

    private String text(String id) {
        try (McpClient client = api.client(id)) {
            client.open();
            return client.tool("test_simple_text", "{}")
                    .getJsonArray("content")
                    .getJsonObject(0)
                    .getString("text");
        }
    }

    @Test
    void aRemoteServerIsUsedAndMayAskItsClient() {
        int port = freePort();
        elsewhere(port);
        remote("rem-use", port);
        JsonObject running = api.awaitPhase("rem-use", "running");
        assertEquals(0, running.getInt("pid"));
        assertFalse(text("rem-use").isEmpty());
        try (McpClient client = api.client("rem-use")
                .answering("elicitation/create", params -> Json.createObjectBuilder()
                        .add("action", "accept")
                        .add(
                                "content",
                                Json.createObjectBuilder().add("username", "u").add("email", "e@x"))
                        .build())) {
            client.open();
            JsonObject result = client.tool("test_elicitation", "{\"message\":\"who?\"}");
            assertTrue(result.toString().contains("accept"), result.toString());
            assertEquals(1, client.asked.size());
        }
    }

    @Test
    void aRemoteServerThatDiesIsMissedAndComesBack() {
        int port = freePort();
        Process first = elsewhere(port);
        remote("rem-back", port);
        api.awaitPhase("rem-back", "running");

        first.destroyForcibly();
        JsonObject missed =
                api.await("rem-back", server -> !server.getString("phase").equals("running"), "not running");
        assertTrue(missed.toString().contains("server_unreachable"), missed.toString());

        elsewhere(port);
        api.awaitPhase("rem-back", "running");
        assertFalse(text("rem-back").isEmpty());
    }

    @Test
    void aServerThatListensIsStartedOnAPortOfItsOwnAndReplacedWhenItDies() {
        defined.add("rem-started");
        api.define(
                "rem-started",
                HttpConformanceServer.command("${port}"),
                ",\"type\":\"http\",\"restart_delay\":\"100ms\"");
        long first = api.awaitPhase("rem-started", "running").getInt("pid");
        assertTrue(first > 0);
        assertFalse(text("rem-started").isEmpty());

        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        JsonObject again = api.await(
                "rem-started",
                server -> server.getString("phase").equals("running") && server.getInt("pid") != first,
                "another pid");
        assertFalse(text("rem-started").isEmpty());

        Api.expect(200, api.post("/api/mcp/servers/rem-started/stop", ""));
        assertFalse(ProcessHandle.of(again.getInt("pid")).isPresent(), "the process of a stopped server");
    }
}

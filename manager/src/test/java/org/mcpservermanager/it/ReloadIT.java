package org.mcpservermanager.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mcpservermanager.it.McpClient.toolParams;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.fixture.EchoServer;
import org.mcpservermanager.fixture.Launching;

/** The configuration file changes under a running manager. */
@Tag("process")
class ReloadIT {
    private static final int CALLERS = 4;

    @TempDir
    private static Path folder;

    private static Path file;
    private static RunningManager manager;
    private static Api api;

    @BeforeAll
    static void runManager() {
        file = folder.resolve("servers.json");
        write(Json.createObjectBuilder());
        manager = RunningManager.in(folder.resolve("state"))
                .config(file)
                .jvmArg("-Dmcp.manager.config-seconds=0")
                .start();
        api = Api.of(manager);
    }

    @AfterAll
    static void endManager() {
        if (manager != null) {
            manager.close();
        }
    }

    /** An entry of a server that runs, with a word in its environment. */
    private static JsonObjectBuilder entry(String word) {
        List<String> command = Launching.command(EchoServer.class);
        return Json.createObjectBuilder()
                .add("command", command.get(0))
                .add("args", Json.createArrayBuilder(command.subList(1, command.size())))
                .add("tags", Json.createArrayBuilder().add("grouped"))
                .add("env", Json.createObjectBuilder().add("WORD", word));
    }

    private static void write(JsonObjectBuilder servers) {
        JsonObjectBuilder groups = Json.createObjectBuilder()
                .add(
                        "dev",
                        Json.createObjectBuilder()
                                .add("tags", Json.createArrayBuilder().add("grouped")));
        write(Json.createObjectBuilder()
                .add("mcpServers", servers)
                .add("groups", groups)
                .build()
                .toString());
    }

    private static void write(String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonObject reload() {
        return Api.expect(200, api.post("/api/mcp/reload", ""));
    }

    /** What the file says from now on, and that it runs. */
    private static void given(JsonObjectBuilder servers) {
        JsonObject all = servers.build();
        write(Json.createObjectBuilder(all));
        assertTrue(reload().getBoolean("success"));
        all.keySet().forEach(id -> api.awaitPhase(id, "running"));
    }

    private static List<String> ids(JsonObject outcome, String member) {
        return outcome.getJsonArray(member).getValuesAs(JsonString::getString);
    }

    private static JsonArray problems() {
        return Api.expect(200, api.get("/api/mcp/problems")).getJsonArray("problems");
    }

    @Test
    void whatChangedInTheFileChangesAndNothingElse() {
        given(Json.createObjectBuilder()
                .add("steady", entry("a"))
                .add("changing", entry("a"))
                .add("leaving", entry("a"))
                .add("spoilt", entry("a")));
        long steady = api.pid("steady");
        long changing = api.pid("changing");
        long leaving = api.pid("leaving");
        long spoilt = api.pid("spoilt");

        write(Json.createObjectBuilder()
                .add("new", entry("a"))
                .add("spoilt", Json.createObjectBuilder().add("command", 7))
                .add("changing", entry("b"))
                .add("steady", entry("a")));
        JsonObject outcome = reload();

        assertEquals(List.of("new"), ids(outcome, "added"), outcome::toString);
        assertEquals(List.of("changing"), ids(outcome, "changed"), outcome::toString);
        assertEquals(List.of("leaving"), ids(outcome, "removed"), outcome::toString);
        assertEquals(List.of("spoilt"), ids(outcome, "kept"), outcome::toString);
        api.awaitPhase("new", "running");
        api.await(
                "changing",
                server -> server.getString("phase").equals("running") && server.getInt("pid") != changing,
                "running with another pid than " + changing);
        assertEquals("b", word("changing"));
        assertEquals(404, api.get("/api/mcp/servers/leaving").statusCode());
        Api.until(
                () -> ProcessHandle.of(leaving).filter(ProcessHandle::isAlive).isEmpty(),
                () -> "the end of " + leaving);
        assertEquals(steady, api.pid("steady"));
        assertEquals(spoilt, api.pid("spoilt"));
        assertEquals("a", word("spoilt"));
        assertTrue(problems().toString().contains("spoilt"), () -> problems().toString());
        assertTrue(problems().toString().contains("command"), () -> problems().toString());
    }

    @Test
    void aCorrectedEntryIsNoProblemAnyMore() {
        given(Json.createObjectBuilder().add("mended", entry("a")));
        write(Json.createObjectBuilder()
                .add("mended", Json.createObjectBuilder().add("command", 7)));
        reload();
        assertNotEquals(0, problems().size());

        write(Json.createObjectBuilder().add("mended", entry("c")));
        JsonObject outcome = reload();

        assertEquals(List.of("mended"), ids(outcome, "changed"), outcome::toString);
        assertEquals(0, problems().size(), () -> problems().toString());
        api.await("mended", server -> server.getString("phase").equals("running"), "running");
        Api.until(() -> word("mended").equals("c"), () -> "what it was corrected to");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"mcpServers\": {\"half", "", "{\"mcpServers\": 7}"})
    void aFileThatCannotBeReadChangesNothing(String text) {
        given(Json.createObjectBuilder().add("calm", entry("a")));
        long pid = api.pid("calm");

        write(text);

        JsonObject outcome = Api.expect(422, api.post("/api/mcp/reload", ""));
        assertEquals(List.of(), ids(outcome, "removed"), outcome::toString);
        assertNotEquals(0, problems().size());
        assertEquals(pid, api.pid("calm"));
    }

    private static String word(String id) {
        try (McpClient client = api.client(id)) {
            client.open();
            return client.tool("env", "{\"name\":\"WORD\"}")
                    .getJsonObject("structuredContent")
                    .getString("value");
        }
    }

    @Test
    void aRestartThatOverlapsLosesNoCall() throws Exception {
        given(Json.createObjectBuilder().add("gapless", entry("a").add("restart_mode", "overlap")));
        long before = api.pid("gapless");
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try (McpClient patient = api.client("gapless")) {
            patient.open();
            McpClient.Call slow = patient.begin("tools/call", toolParams("slow", "{\"ms\":3000}"));
            List<CompletableFuture<Void>> calling = IntStream.range(0, CALLERS)
                    .mapToObj(n -> CompletableFuture.runAsync(() -> callUntil(over, answered), callers))
                    .toList();
            Api.until(() -> answered.get() > CALLERS, () -> "calls before the restart");

            assertEquals(2, api.post("/api/mcp/servers/gapless/restart", "").statusCode() / 100);

            api.await("gapless", server -> server.getInt("pid") != before, "another pid than " + before);
            int later = answered.get() + 5 * CALLERS;
            Api.until(() -> answered.get() > later, () -> "calls after the restart");
            over.set(true);
            for (CompletableFuture<Void> each : calling) {
                each.get(60, TimeUnit.SECONDS);
            }
            assertTrue(slow.response().containsKey("result"), slow.text());
            Api.until(
                    () -> ProcessHandle.of(before)
                            .filter(ProcessHandle::isAlive)
                            .isEmpty(),
                    () -> "the end of the old copy, pid " + before);
        } finally {
            over.set(true);
            callers.shutdown();
        }
    }

    /** Throws at the first call without a result. */
    private static void callUntil(AtomicBoolean over, AtomicInteger answered) {
        try (McpClient client = api.client("gapless")) {
            client.open();
            while (!over.get()) {
                client.tool("slow", "{\"ms\":20}");
                answered.incrementAndGet();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"/groups/dev/sse,''", "/groups/dev/sse?tools=search,search"})
    void aGroupAnswersOnAStreamOfEvents(String path, String search) {
        given(Json.createObjectBuilder().add("member", entry("a")));
        awaitTool("member__echo");

        try (EventSource client = new EventSource(manager.baseUri(), path, manager.adminKey(), "")) {
            assertTrue(client.endpoint().startsWith("/groups/dev/messages?sessionId="), client.endpoint());
            assertEquals(202, client.post(initialize()));
            client.next();
            assertEquals(202, client.post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}"));
            String tools = client.next().toString();
            assertEquals(search.isEmpty(), tools.contains("member__echo"), tools);
            assertEquals(!search.isEmpty(), tools.contains("search_tools"), tools);
        }
    }

    @Test
    void aGroupAnswersOnASocket() {
        given(Json.createObjectBuilder()
                .add("member", entry("a"))
                .add("stranger", entry("a").add("tags", Json.createArrayBuilder())));
        awaitTool("member__echo");

        try (Socket client = Socket.open(manager.baseUri(), "/groups/dev/ws", manager.adminKey())) {
            client.send(initialize());
            client.next();
            client.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}");
            String tools = client.next().toString();
            assertTrue(tools.contains("member__echo"), tools);
            assertTrue(!tools.contains("stranger"), tools);
        }
    }

    private static void awaitTool(String name) {
        try (McpClient client = new McpClient(manager.baseUri().resolve("/groups/dev/mcp"), manager.adminKey())) {
            client.open();
            Api.until(() -> client.request("tools/list", "").toString().contains(name), () -> name + " in the group");
        }
    }

    private static String initialize() {
        return "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\","
                + "\"capabilities\":{},\"clientInfo\":{\"name\":\"it\",\"version\":\"1\"}}}";
    }
}

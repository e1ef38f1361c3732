package org.mcpservermanager.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.faults.Fault;
import org.mcpservermanager.fixture.EchoServer;
import org.mcpservermanager.fixture.Launching;

/** However the manager ends, its servers end with it; and the next one finds everything as the operator left it. */
@Tag("process")
class ManagerDeathIT {
    private static final Duration GONE_WITHIN = Duration.ofSeconds(3);
    private static final Duration EXIT_WITHIN = Duration.ofSeconds(15);

    @TempDir
    private Path folder;

    private final Tagged tagged = new Tagged();
    private Path config;

    @BeforeEach
    void configure() throws IOException {
        List<String> echo = Launching.command(EchoServer.class);
        JsonObjectBuilder servers = Json.createObjectBuilder()
                .add("nasty", entry(tagged.nasty()).add("shutdown_timeout", 1))
                .add("echo", entry(tagged.withChild(echo)))
                .add("quiet", entry(tagged.withChild(echo)));
        config = Files.writeString(
                folder.resolve("servers.json"),
                Json.createObjectBuilder().add("mcpServers", servers).build().toString());
    }

    private static JsonObjectBuilder entry(List<String> command) {
        return Json.createObjectBuilder()
                .add("command", command.get(0))
                .add("args", Json.createArrayBuilder(command.subList(1, command.size())));
    }

    private RunningManager start() {
        return RunningManager.in(folder.resolve("state")).config(config).start();
    }

    private static Api allRun(RunningManager manager) {
        Api api = Api.of(manager);
        List.of("nasty", "echo", "quiet").forEach(id -> api.awaitPhase(id, "running"));
        return api;
    }

    @Test
    @Fault(36)
    void aKilledManagerLeavesNothingAndTheNextOneGoesOnAsTheOperatorLeftIt() {
        RunningManager first = start();
        Api api = allRun(first);
        api.define("later", Launching.command(EchoServer.class), "");
        api.awaitPhase("later", "running");
        Api.expect(200, api.post("/api/mcp/servers/quiet/stop", ""));
        long pid = api.pid("echo");
        assertTrue(tagged.alive().size() >= 6, () -> tagged.alive().toString());

        long start = System.nanoTime();
        first.kill();
        Api.until(() -> tagged.alive().isEmpty(), () -> "no process of the killed manager in " + tagged.alive());
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.compareTo(GONE_WITHIN) < 0, "the last child ended after " + took);

        try (RunningManager second = start()) {
            Api again = Api.of(second);
            List.of("nasty", "echo", "later").forEach(id -> again.awaitPhase(id, "running"));
            assertEquals("stopped", again.phase("quiet"));
            assertEquals("down", again.server("quiet").getString("wish"));
            assertNotEquals(pid, again.pid("echo"));
        }
        assertEquals(List.of(), tagged.alive());
    }

    @Test
    @Fault(36)
    void whatSurvivedManagerAndGuardianEndsBeforeTheNextStart() {
        RunningManager first = start();
        allRun(first);
        List<String> before = tagged.alive();
        guardians(first).forEach(ProcessHandle::destroyForcibly);
        first.kill();

        try (RunningManager second = start()) {
            allRun(second);
            assertTrue(
                    tagged.alive().stream().noneMatch(before::contains), () -> before + " and now " + tagged.alive());
        }
    }

    static List<ProcessHandle> guardians(RunningManager manager) {
        List<ProcessHandle> found = manager.process()
                .children()
                .filter(child -> Tagged.read(Path.of("/proc", Long.toString(child.pid()), "cmdline"))
                        .contains("mcp-guardian"))
                .toList();
        assertFalse(found.isEmpty(), "the guardian of " + manager.pid());
        return found;
    }

    @Test
    @Fault(37)
    void aManagerThatIsToldToEndEndsItsServersAndSaysNothingAlarming() throws IOException {
        RunningManager manager = start();
        allRun(manager);

        long start = System.nanoTime();
        manager.close();
        Duration took = Duration.ofNanos(System.nanoTime() - start);

        assertTrue(took.compareTo(EXIT_WITHIN) < 0, "it ended after " + took);
        assertEquals(List.of(), tagged.alive());
        List<String> log = Files.readAllLines(manager.log(), StandardCharsets.UTF_8);
        List<String> alarming = log.stream()
                .filter(line ->
                        line.contains("SEVERE") || line.contains("Full thread dump") || line.startsWith("\tat "))
                .toList();
        assertEquals(List.of(), alarming);
    }
}

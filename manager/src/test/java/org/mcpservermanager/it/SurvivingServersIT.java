package org.mcpservermanager.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.faults.Fault;
import org.mcpservermanager.fixture.HttpConformanceServer;

/** Servers with "survive" live on when the manager is killed, and the next manager takes over what is still as configured. */
@Tag("process")
class SurvivingServersIT {
    private static final String TICKS = "(i=0; while i=$((i+1)) && echo tick $i; do sleep 0.1; done) & exec \"$@\"";

    @TempDir
    private Path folder;

    private final Tagged tagged = new Tagged();
    private final List<RunningManager> managers = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        managers.forEach(RunningManager::kill);
        List<String> left = tagged.alive();
        left.forEach(line -> ProcessHandle.of(Long.parseLong(line.substring(0, line.indexOf(' '))))
                .ifPresent(ProcessHandle::destroyForcibly));
        assertEquals(List.of(), left);
    }

    private JsonObjectBuilder web(String... variables) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", TICKS, "sh"));
        command.addAll(tagged.withChild(HttpConformanceServer.command("${port}")));
        JsonObjectBuilder environment = Json.createObjectBuilder();
        List.of(variables).forEach(name -> environment.add(name, "1"));
        return Json.createObjectBuilder()
                .add("type", "http")
                .add("command", command.get(0))
                .add("args", Json.createArrayBuilder(command.subList(1, command.size())))
                .add("env", environment)
                .add("shutdown_timeout", 3)
                .add("survive", true);
    }

    private RunningManager start(JsonObjectBuilder servers) throws IOException {
        Path config = Files.writeString(
                folder.resolve("servers.json"),
                Json.createObjectBuilder().add("mcpServers", servers).build().toString());
        RunningManager manager = RunningManager.in(folder.resolve("state"))
                .config(config)
                .jvmArg("-Dmcp.manager.demo=false")
                .start();
        managers.add(manager);
        return manager;
    }

    private RunningManager start(String... variables) throws IOException {
        return start(Json.createObjectBuilder().add("web", web(variables)));
    }

    /** @return the pid of the server, which outlived its manager */
    private long killed(RunningManager manager) throws Exception {
        Api api = Api.of(manager);
        api.awaitPhase("web", "running");
        long pid = api.pid("web");
        List<ProcessHandle> guardians = ManagerDeathIT.guardians(manager);
        manager.kill();
        for (ProcessHandle guardian : guardians) {
            guardian.onExit().get(20, TimeUnit.SECONDS);
        }
        assertTrue(ProcessHandle.of(pid).isPresent(), "it lives on");
        return pid;
    }

    @Test
    @Fault(36)
    void aServerThatOutlivedItsManagerIsTakenOverServesAndIsStoppedWithItsTree() throws Exception {
        long pid = killed(start());
        List<String> before = tagged.alive();

        try (RunningManager second = start()) {
            Api api = Api.of(second);
            api.awaitPhase("web", "running");
            assertEquals(pid, api.pid("web"));
            assertEquals(before, tagged.alive(), "no second copy, and nothing of the first was ended");
            try (McpClient client = api.client("web")) {
                client.open();
                assertTrue(
                        client.result("tools/list", "{}").getJsonArray("tools").size() > 0);
            }

            Api.expect(200, api.post("/api/mcp/servers/web/stop", ""));
            assertEquals(List.of(), tagged.alive());
        }
    }

    @Test
    void whatItPrintsMeanwhileIsInItsLog() throws Exception {
        killed(start());
        int atDeath = ticks().size();

        try (RunningManager second = start()) {
            Api.of(second).awaitPhase("web", "running");
            Api.until(() -> ticks().size() > atDeath + 30, () -> "more than " + atDeath + " ticks: " + ticks());

            List<Integer> ticks = ticks();
            for (int i = 1; i < ticks.size(); i++) {
                int missing = ticks.get(i) - ticks.get(i - 1) - 1;
                // those that were read but not yet written when the manager was killed
                assertTrue(missing >= 0 && missing < 15, ticks::toString);
            }
        }
    }

    private List<Integer> ticks() {
        String log = Tagged.read(folder.resolve("state/logs/web.log"));
        return Pattern.compile("tick (\\d+)")
                .matcher(log)
                .results()
                .map(tick -> Integer.valueOf(tick.group(1)))
                .toList();
    }

    @Test
    void aServerThatIsConfiguredOtherwiseNowIsReplacedAndOneThatIsGoneEnds() throws Exception {
        long pid = killed(start());
        RunningManager second = start("OTHER");
        Api api = Api.of(second);
        api.awaitPhase("web", "running");
        long next = api.pid("web");
        assertNotEquals(pid, next);
        // one that nobody has collected yet has no command line any more
        assertEquals("", Tagged.read(Path.of("/proc", Long.toString(pid), "cmdline")), "the old one ended before");
        assertEquals(next, killed(second));

        try (RunningManager third = start(Json.createObjectBuilder())) {
            assertEquals(List.of(), tagged.alive(), "log: " + third.log());
        }
    }
}

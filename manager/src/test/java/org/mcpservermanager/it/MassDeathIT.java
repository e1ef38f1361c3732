package org.mcpservermanager.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.faults.Fault;
import org.mcpservermanager.faults.FaultNames;
import org.mcpservermanager.fixture.Nasty;

/** Fifty servers of a running manager are killed at the same moment, and then the manager is told to end. */
@Tag("process")
@DisplayNameGeneration(FaultNames.class)
class MassDeathIT {
    private static final int SERVERS = 50;
    private static final Duration PROMPT = Duration.ofMillis(100);
    private static final Duration PROMPT_ON_A_BUSY_MACHINE = Duration.ofSeconds(2);
    private static final int TIMES_ON_A_BUSY_MACHINE = 10;
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(20);
    private final String tag = "66" + Math.abs(UUID.randomUUID().getMostSignificantBits() % 1_000_000_000_000L);

    @TempDir
    private Path folder;

    private RunningManager manager;

    /** Its guardian ends the servers. */
    @AfterEach
    void end() {
        if (manager != null) {
            manager.process().destroyForcibly();
        }
    }

    @Test
    @Fault({37, 44})
    void allComeBackThreeAtATimeWhileTheApiAnswersAndAllEndWithTheManager() throws Exception {
        manager = RunningManager.in(folder.resolve("state")).config(config()).start();
        Api api = Api.of(manager);
        Api.until(() -> count(api, "running", 1) == SERVERS, () -> "fifty running: " + list(api));
        List<ProcessHandle> leaders = list(api).stream()
                .map(server ->
                        ProcessHandle.of(server.asJsonObject().getInt("pid")).orElseThrow())
                .toList();

        List<Duration> usual = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            long asked = System.nanoTime();
            list(api);
            usual.add(Duration.ofNanos(System.nanoTime() - asked));
        }

        leaders.forEach(ProcessHandle::destroyForcibly);
        List<Duration> answers = new ArrayList<>();
        int startingMax = 0;
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (count(api, "running", 2) < SERVERS) {
            long began = System.nanoTime();
            List<JsonValue> servers = list(api);
            answers.add(Duration.ofNanos(System.nanoTime() - began));
            startingMax = Math.max(startingMax, launching(servers));
            assertTrue(System.nanoTime() < deadline, () -> "not all are back: " + servers);
        }

        String story = "alone " + usual + ", while fifty came back " + answers;
        Duration bound = median(usual).multipliedBy(TIMES_ON_A_BUSY_MACHINE);
        assertTrue(median(answers).compareTo(bound.compareTo(PROMPT) > 0 ? bound : PROMPT) < 0, story);
        assertTrue(Collections.max(answers).compareTo(PROMPT_ON_A_BUSY_MACHINE) < 0, story);
        assertTrue(startingMax <= 3, startingMax + " were starting at the same time");

        long began = System.nanoTime();
        manager.close();
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        assertTrue(took.compareTo(ENDS_WITHIN) < 0, "it ended after " + took);
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            assertEquals(
                    List.of(),
                    processes
                            .filter(path -> Tagged.read(path.resolve("cmdline")).contains(tag))
                            .toList());
        }
    }

    private static Duration median(List<Duration> answers) {
        return answers.stream().sorted().skip(answers.size() / 2).findFirst().orElseThrow();
    }

    private Path config() throws Exception {
        JsonObjectBuilder servers = Json.createObjectBuilder();
        for (int i = 0; i < SERVERS; i++) {
            List<String> command = Nasty.habit(tag, "kids", "1");
            servers.add(
                    "s" + i,
                    Json.createObjectBuilder()
                            .add("command", command.get(0))
                            .add("args", Json.createArrayBuilder(command.subList(1, command.size()))));
        }
        return Files.writeString(
                folder.resolve("servers.json"),
                Json.createObjectBuilder().add("mcpServers", servers).build().toString());
    }

    private static List<JsonValue> list(Api api) {
        HttpResponse<String> answer = api.get("/api/mcp/servers");
        assertEquals(200, answer.statusCode(), answer::body);
        return Json.createReader(new StringReader(answer.body())).readArray();
    }

    private static long count(Api api, String phase, int generation) {
        return list(api).stream()
                .map(JsonValue::asJsonObject)
                .filter(server -> server.getString("phase").equals(phase) && server.getInt("generation") >= generation)
                .count();
    }

    private static int launching(List<JsonValue> servers) {
        return (int) servers.stream()
                .map(JsonValue::asJsonObject)
                .filter(server -> server.getString("phase").equals("starting")
                        && !server.getString("step", "queued").equals("queued"))
                .count();
    }
}

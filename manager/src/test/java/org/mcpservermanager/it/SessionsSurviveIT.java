package org.mcpservermanager.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mcpservermanager.it.McpClient.toolParams;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.fixture.ConformanceServer;
import org.mcpservermanager.fixture.Launching;

/** A client keeps its session while its manager is killed and started again. */
@Tag("process")
class SessionsSurviveIT {
    private static final String WATCHED = "{\"uri\":\"test://watched-resource\"}";
    private static final String UPDATED = "notifications/resources/updated";
    private static final JsonObject ACCEPTED = Json.createObjectBuilder()
            .add("action", "accept")
            .add("content", Json.createObjectBuilder().add("username", "ada").add("email", "a@example.org"))
            .build();

    private static final Duration WRITTEN_WITHIN = Duration.ofSeconds(3);

    @TempDir
    private Path folder;

    private RunningManager start() throws IOException {
        List<String> command = Launching.command(ConformanceServer.class);
        JsonObject server = Json.createObjectBuilder()
                .add("command", command.get(0))
                .add("args", Json.createArrayBuilder(command.subList(1, command.size())))
                .build();
        Path config = Files.writeString(
                folder.resolve("servers.json"),
                Json.createObjectBuilder()
                        .add("mcpServers", Json.createObjectBuilder().add("fix", server))
                        .build()
                        .toString());
        RunningManager manager =
                RunningManager.in(folder.resolve("state")).config(config).start();
        Api.of(manager).awaitPhase("fix", "running");
        return manager;
    }

    /** Clients cannot see when their sessions have reached the database: when it was left alone for longer than that takes. */
    private static void awaitWritten(RunningManager manager) {
        Path database = manager.stateDir().resolve("db/manager.mv.db");
        Instant asked = Instant.now();
        Api.until(
                () -> Instant.now().minus(WRITTEN_WITHIN).isAfter(latest(asked, database)),
                () -> WRITTEN_WITHIN + " without a change of " + database);
    }

    private static Instant latest(Instant asked, Path database) {
        Instant modified = Instant.ofEpochMilli(database.toFile().lastModified());
        return modified.isAfter(asked) ? modified : asked;
    }

    private RunningManager first;

    @AfterEach
    void endTheFirst() {
        if (first != null) {
            first.kill(); // once more does nothing
        }
    }

    @Test
    void aKilledManagerTakesNoSessionWithIt() throws IOException {
        first = start();
        Api api = Api.of(first);
        McpClient sharing = api.client("fix");
        sharing.open();
        sharing.result("logging/setLevel", "{\"level\":\"error\"}");
        sharing.result("resources/subscribe", WATCHED);
        McpClient asked = api.client("fix").answering("elicitation/create", params -> ACCEPTED);
        asked.open();
        asked.result("resources/subscribe", WATCHED);
        McpClient everything = api.aggregate();
        everything.open();
        everything.result("resources/subscribe", WATCHED);
        McpClient ended = api.client("fix");
        ended.open();
        ended.delete();
        awaitWritten(first);
        first.kill();

        try (RunningManager second = start()) {
            Api again = Api.of(second);
            McpClient sharingStill = again.client("fix").inSession(sharing.session());
            sharingStill.listen();
            sharingStill.tool("test_update_watched_resource", "{}");
            assertEquals(
                    "notifications/tools/list_changed",
                    sharingStill.hear("notifications/tools/list_changed").getString("method"));
            sharingStill.hear(UPDATED);
            McpClient.Call quiet = sharingStill.begin("tools/call", toolParams("test_logging_tool", "{}"));
            assertTrue(quiet.response().containsKey("result"), quiet.text());
            assertEquals(List.of(), quiet.heard);

            McpClient askedStill = again.client("fix")
                    .answering("elicitation/create", params -> ACCEPTED)
                    .inSession(asked.session());
            JsonObject answer = askedStill.tool("test_elicitation", "{\"message\":\"who?\"}");
            assertTrue(answer.toString().contains("ada"), answer.toString());
            assertEquals(1, askedStill.asked.size());
            askedStill.listen();
            askedStill.tool("test_update_watched_resource", "{}");
            askedStill.hear(UPDATED);

            McpClient everythingStill = again.aggregate().inSession(everything.session());
            everythingStill.listen();
            everythingStill.hear("notifications/tools/list_changed");
            Api.until(
                    () -> everythingStill.request("tools/list", "").toString().contains("fix__test_simple_text"),
                    () -> "the tools of fix");
            everythingStill.tool("fix__test_update_watched_resource", "{}");
            everythingStill.hear(UPDATED);

            assertEquals(
                    404,
                    again.client("fix")
                            .inSession(ended.session())
                            .send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}")
                            .statusCode());
        }
    }
}

package org.mcpservermanager.conformance;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.mcpservermanager.fixture.ConformanceServer;

/** Configuration files that name the servers which the scripts expect. */
final class Servers {
    private Servers() {}

    static String conformance() {
        return file(Json.createObjectBuilder().add("conformance", fixture()));
    }

    static String all(Scripts scripts) {
        Path work = emptyFolder();
        JsonObject memory = Json.createObjectBuilder(node(scripts, "server-memory"))
                .add(
                        "env",
                        Json.createObjectBuilder()
                                .add(
                                        "MEMORY_FILE_PATH",
                                        work.resolve("memory.jsonl").toString()))
                .build();
        return file(Json.createObjectBuilder()
                .add("conformance", fixture())
                .add("everything", node(scripts, "server-everything", "stdio"))
                .add("filesystem", node(scripts, "server-filesystem", work.toString()))
                .add("memory", memory));
    }

    private static JsonObject fixture() {
        return command(ConformanceServer.command());
    }

    private static JsonObject node(Scripts scripts, String name, String... arguments) {
        Path main = scripts.installed("@modelcontextprotocol/" + name + "/dist/index.js");
        return command(Scripts.concat(
                "node", Scripts.concat(main.toString(), arguments).toArray(String[]::new)));
    }

    private static JsonObject command(List<String> command) {
        return Json.createObjectBuilder()
                .add("command", command.get(0))
                .add("args", Json.createArrayBuilder(command.subList(1, command.size())))
                .build();
    }

    private static String file(JsonObjectBuilder servers) {
        return Json.createObjectBuilder().add("mcpServers", servers).build().toString();
    }

    private static Path emptyFolder() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Scripts.target()), "servers-")
                    .toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

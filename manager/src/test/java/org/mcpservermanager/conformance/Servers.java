package org.mcpservermanager.conformance;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Configuration files that name the servers which the scripts expect. */
final class Servers {
    private Servers() {}

    static Path none(Path folder) {
        return file(folder, Json.createObjectBuilder());
    }

    static Path all(Scripts scripts, Path folder) {
        Path work = emptyFolder(folder);
        JsonObject memory = Json.createObjectBuilder(node(scripts, "server-memory"))
                .add(
                        "env",
                        Json.createObjectBuilder()
                                .add(
                                        "MEMORY_FILE_PATH",
                                        work.resolve("memory.jsonl").toString()))
                .build();
        return file(
                folder,
                Json.createObjectBuilder()
                        .add("conformance", command(scripts.fixture("legacy")))
                        .add("everything", node(scripts, "server-everything", "stdio"))
                        .add("filesystem", node(scripts, "server-filesystem", work.toString()))
                        .add("memory", memory));
    }

    /** The fixture in either era. */
    static Path eras(Scripts scripts, Path folder) {
        return file(
                folder,
                Json.createObjectBuilder()
                        .add("legacy", command(scripts.fixture("legacy")))
                        .add("modern", command(scripts.fixture("modern"))));
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

    private static Path file(Path folder, JsonObjectBuilder servers) {
        String text =
                Json.createObjectBuilder().add("mcpServers", servers).build().toString();
        try {
            return Files.writeString(folder.resolve("servers.json"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With its real path: filesystem names the folder so. */
    private static Path emptyFolder(Path folder) {
        try {
            return Files.createDirectory(folder.resolve("work")).toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

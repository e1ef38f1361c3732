package org.mcpservermanager.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.fixture.ConformanceServer;

/** What is wrong in a configuration file costs the entry it is in. */
@Tag("process")
class BadEntriesIT {
    @TempDir
    private Path folder;

    @Test
    void theGoodEntriesRunAndTheBadOnesAreNamed() throws IOException {
        String command = jakarta.json.Json.createArrayBuilder(ConformanceServer.command())
                .build()
                .toString();
        String good = command.replaceFirst("^\\[(\"[^\"]*\"),", "\"command\":$1,\"args\":[");
        Path config = Files.writeString(
                folder.resolve("servers.json"),
                """
                {"mcpServers": {
                  "good": {%s},
                  "no-command": {"args": ["x"]},
                  "wrong-type": {"command": 7},
                  "missing-variable": {"command": "true", "env": {"KEY": "${SURELY_NOT_SET_ANYWHERE}"}},
                  "wrong-program": {"command": "/nowhere/mcp-server"}
                }}
                """
                        .formatted(good));

        try (RunningManager manager =
                RunningManager.in(folder.resolve("state")).config(config).start()) {
            Api api = Api.of(manager);
            api.awaitPhase("good", "running");
            api.awaitPhase("wrong-program", "fatal");
            String log = Files.readString(manager.log());
            for (String bad : new String[] {"no-command", "wrong-type", "missing-variable"}) {
                assertEquals(404, api.get("/api/mcp/servers/" + bad).statusCode(), bad);
                assertTrue(log.contains(bad), () -> "the log names " + bad);
            }
            assertTrue(log.contains("SURELY_NOT_SET_ANYWHERE"), "the log names the variable");
        }
    }
}

package org.mcpservermanager.conformance;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcpservermanager.it.RunningManager;

/** Tasks of servers of both eras, for clients of both. */
@Tag("process")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TasksIT {
    private Scripts scripts;
    private RunningManager manager;

    @BeforeAll
    void start(@TempDir Path folder) {
        scripts = Scripts.ready();
        manager = RunningManager.in(folder.resolve("state"))
                .config(Servers.eras(scripts, folder))
                .start();
    }

    @AfterAll
    void stop() {
        if (manager != null) {
            manager.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"/servers/legacy/mcp, ''", "/servers/modern/mcp, ''", "/mcp, legacy__", "/mcp, modern__"})
    void areCarried(String path, String prefix) {
        scripts.mustPass(
                Duration.ofMinutes(4),
                Map.of("MCP_KEY", manager.adminKey()),
                "clients/tasks.mjs",
                manager.baseUri() + path,
                prefix);
    }
}

package org.mcpservermanager.conformance;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tasks of servers of both eras, for clients of both. */
class TasksIT extends WithManager {
    @Override
    Path servers(Path folder) {
        return Servers.eras(scripts, folder);
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

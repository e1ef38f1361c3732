package org.mcpservermanager.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.it.RunningManager;

/** The official suite judges a server through the manager as it judges it directly. */
@Tag("process")
class ConformanceIT {
    @TempDir
    Path folder;

    @Test
    void everyRequiredScenarioPassesThroughTheManager() {
        Scripts scripts = Scripts.ready();
        RunningManager.Launch launch =
                RunningManager.in(folder.resolve("state")).config(Servers.conformance(folder));
        try (RunningManager manager = launch.start()) {
            String report = scripts.mustPass(
                    Duration.ofMinutes(4),
                    Map.of("MCP_KEY", manager.adminKey()),
                    "run.mjs",
                    manager.baseUri() + "/servers/conformance/mcp",
                    "--spec",
                    "2025-11-25");
            assertTrue(report.startsWith("30 passed, 0 failed"), report);
        }
    }
}

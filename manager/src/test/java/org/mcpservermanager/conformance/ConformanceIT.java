package org.mcpservermanager.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mcpservermanager.it.NeedsNode;
import org.mcpservermanager.it.RunningManager;

/** The official suite judges a server through the manager as it judges it directly, in every cell of the bridge. */
@Tag("process")
@NeedsNode
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int JUDGED_BAD = 1;

    private Scripts scripts;
    private RunningManager manager;

    @BeforeAll
    void start(@TempDir Path folder) {
        scripts = Scripts.ready();
        manager = RunningManager.in(folder.resolve("state"))
                .config(Servers.none(folder))
                .start();
    }

    @AfterAll
    void stop() {
        if (manager != null) {
            manager.close();
        }
    }

    /** A cell that is said to fail and passes fails here, so that it is said to pass from then on. */
    @ParameterizedTest
    @EnumSource
    void everyRequiredScenarioPassesInTheCellsThatTheManagerCarries(Cell cell) {
        String report = scripts.mustEndWith(
                cell.passes() ? 0 : JUDGED_BAD,
                PATIENCE,
                Map.of("MCP_KEY", manager.adminKey()),
                "cells.mjs",
                manager.baseUri().toString(),
                "--cells",
                cell.label(),
                "--strict");
        String all = cell.label().startsWith("modern") ? "37/37" : "30/30";
        assertTrue(report.contains(all) == cell.passes(), report);
    }
}

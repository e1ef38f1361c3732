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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.mcpservermanager.it.NeedsNode;
import org.mcpservermanager.it.RunningManager;

/** The official suite judges a server through the manager as it judges it directly, in every cell of the bridge. */
@Tag("process")
@NeedsNode
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

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

    @ParameterizedTest
    @EnumSource
    void everyRequiredScenarioPassesInTheCellsThatTheManagerCarries(Cell cell) {
        String report = scripts.mustEndWith(
                cell.today().exitCode(),
                PATIENCE,
                Map.of("MCP_KEY", manager.adminKey()),
                "cells.mjs",
                manager.baseUri().toString(),
                "--cells",
                cell.label(),
                "--strict");
        String all = cell.label().startsWith("modern") ? "37/37" : "30/30";
        assertTrue(report.contains(all) == (cell.today() == Today.PASSES), report);
    }

    /** The suite's server is the manager's server here: what the manager sends is judged. */
    @ParameterizedTest
    @CsvSource({
        "2025-11-25, legacy, PASSES",
        "2025-11-25, modern, PASSES",
        "2026-07-28, legacy, PASSES",
        "2026-07-28, modern, PASSES"
    })
    void speaksToServersAsTheSuiteWants(String spec, String client, Today today) {
        scripts.mustEndWith(
                today.exitCode(),
                PATIENCE,
                Map.of("MCP_KEY", manager.adminKey()),
                "client.mjs",
                manager.baseUri().toString(),
                "--spec",
                spec,
                "--client",
                client);
    }
}

package org.mcpservermanager.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.mcpservermanager.it.NeedsNode;

/** The official suite judges a server through the manager as it judges it directly, in every cell of the bridge. */
@NeedsNode
class ConformanceIT extends WithManager {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @Override
    Path servers(Path folder) {
        return Servers.none(folder);
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

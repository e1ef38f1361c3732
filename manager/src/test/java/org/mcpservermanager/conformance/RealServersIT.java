package org.mcpservermanager.conformance;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The servers that everybody has, used through the manager with the official TypeScript client. */
class RealServersIT extends WithManager {
    @Override
    Path servers(Path folder) {
        return Servers.all(scripts, folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"everything", "filesystem", "memory", "conformance", "aggregate", "sse"})
    void worksForTheOfficialClient(String scope) {
        scripts.mustPass(
                Duration.ofMinutes(4),
                Map.of("MCP_KEY", manager.adminKey()),
                "clients/all.mjs",
                manager.baseUri().toString(),
                scope);
    }

    @Test
    void worksForTheInspector() {
        scripts.mustPass(
                Duration.ofMinutes(8),
                Map.of("MCP_KEY", manager.adminKey()),
                "clients/inspector.mjs",
                manager.baseUri().toString());
    }

    /** Clients are asked at the same time, among other things: crossed answers show. */
    @ParameterizedTest
    @CsvSource({
        "legacy, /servers/conformance/mcp, '', PASSES",
        "legacy, /mcp, conformance__, PASSES",
        "modern, /servers/conformance/mcp, '', PASSES",
        "modern, /mcp, conformance__, PASSES"
    })
    void worksForTheOfficialClientOfEitherEra(String era, String path, String prefix, Today today) {
        scripts.mustEndWith(
                today.exitCode(),
                Duration.ofMinutes(4),
                Map.of("MCP_KEY", manager.adminKey()),
                "clients/both.mjs",
                manager.baseUri() + path,
                era,
                prefix);
    }
}

package org.mcpservermanager.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DemoServerProcessTest {
    private static Process start(String... arguments) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path classes = Path.of(DemoServer.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        ProcessBuilder builder = new ProcessBuilder(java, "-cp", classes.toString(), DemoServer.class.getName());
        builder.command().addAll(List.of(arguments));
        return builder.start();
    }

    @Test
    void servesAsAProcessAndEndsWithItsInput() throws Exception {
        Process process = start();
        try (TestClient client = new TestClient(process.getInputStream(), process.getOutputStream())) {
            client.initialize("2025-11-25", "{}");
            Json.Obj info = client.tool("server_info", "{}").object("structuredContent");
            assertEquals(Long.toString(process.pid()), Json.text(info.get("pid")));
        }

        boolean ended = process.waitFor(20, TimeUnit.SECONDS);

        assertTrue(ended, "still alive after the end of its input");
        assertEquals(0, process.exitValue());
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(err.startsWith("mcp-demo-server: pid " + process.pid() + ", MCP 2024-11-05"), err);
    }

    @Test
    void refusesArguments() throws Exception {
        Process process = start("--port=80");

        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(2, process.exitValue());
    }
}

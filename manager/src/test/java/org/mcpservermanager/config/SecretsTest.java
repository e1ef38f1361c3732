package org.mcpservermanager.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Wire;

class SecretsTest {
    private static final Wire PROCESS =
            new Wire.Stdio("x", List.of(), Map.of("TOKEN", "s3cret", "ODD", "${HOME} $${x} $1"), "");
    private static final Wire REMOTE =
            new Wire.Http(URI.create("https://example.org/mcp?key=1"), Map.of("Authorization", "Bearer s3cret"), false);
    private final ConfigReader reader = new ConfigReader(Map.of("HOME", "/root"), Path.of("/root"));

    private Wire read(String entry, Wire there) {
        JsonObject complete = Secrets.unmasked(object(entry), there);
        return reader.entry(new ServerId("a"), complete, "api").wire();
    }

    private static JsonObject object(String text) {
        return Json.createReader(new java.io.StringReader(text)).readObject();
    }

    @Test
    void whatWasShownMeansWhatIsThere() {
        Wire.Stdio read = (Wire.Stdio)
                read("{\"command\":\"y\",\"env\":{\"TOKEN\":\"***\",\"ODD\":\"***\",\"NEW\":\"${HOME}\"}}", PROCESS);
        assertEquals(Map.of("TOKEN", "s3cret", "ODD", "${HOME} $${x} $1", "NEW", "/root"), read.environment());
    }

    @Test
    void theEnvironmentOfACustomServerIsNoDifferent() {
        Wire there = new Wire.Custom("clock", Map.of("TOKEN", "s3cret"));
        assertEquals(there, read("{\"bean\":\"clock\",\"env\":{\"TOKEN\":\"***\"}}", there));
        assertFalse(there.toString().contains("s3cret"));
    }

    @Test
    void headersAndAddressesAreNoDifferent() {
        String shown = Json.createObjectBuilder()
                .add("type", "http")
                .add("url", Secrets.masked(URI.create("https://example.org/mcp?key=1")))
                .add("headers", Secrets.masked(Map.of("Authorization", "Bearer s3cret")))
                .build()
                .toString();
        assertFalse(shown.contains("s3cret") || shown.contains("key=1"));
        assertEquals(REMOTE, read(shown, REMOTE));
    }

    @Test
    void aMaskForNothingIsRefused() {
        ProblemException refused = assertThrows(
                ProblemException.class, () -> Secrets.unmasked(object("{\"env\":{\"OTHER\":\"***\"}}"), PROCESS));
        assertEquals(Problem.INVALID_CONFIGURATION, refused.problem().code());
        assertTrue(refused.problem().message().startsWith("env.OTHER: "));
        assertThrows(ProblemException.class, () -> Secrets.unmasked(object("{\"env\":{\"TOKEN\":\"***\"}}")));
    }

    @Test
    void everythingElseStaysAsItIs() {
        JsonObject entry = object("{\"command\":\"***\",\"args\":[\"***\"],\"env\":{\"A\":\"b\"},\"priority\":3}");
        assertEquals(entry, Secrets.unmasked(entry));
    }
}

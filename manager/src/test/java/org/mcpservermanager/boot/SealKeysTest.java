package org.mcpservermanager.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealKeysTest {
    private static final String OTHER = "mcpm_seal_" + "A".repeat(43) + "\n";

    @TempDir
    private Path directory;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    @Test
    void takesWhatTheOperatorWrites() throws IOException {
        Path file = directory.resolve("seal.key");
        try (SealKeys keys = new SealKeys(file, timer)) {
            String before = keys.seal().toString();

            Files.writeString(file, OTHER + Files.readString(file));
            keys.look();

            assertNotEquals(before, keys.seal().toString());
            assertFalse(keys.seal().toString().contains("AAAA"), "says nothing of the keys");
        }
    }

    @Test
    void keepsItsKeysWhenTheFileIsWrongOrGone() throws IOException {
        Path file = directory.resolve("seal.key");
        try (SealKeys keys = new SealKeys(file, timer)) {
            String before = keys.seal().toString();

            Files.writeString(file, "half a li");
            keys.look();
            Files.delete(file);
            keys.look();

            assertEquals(before, keys.seal().toString());
        }
    }
}

package org.mcpservermanager.security;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.server.ProblemException;

class SealKeyTest {
    @TempDir
    private Path directory;

    @Test
    void outlivesTheManagerAndIsForItsOwnerOnly() throws IOException {
        byte[] first = SealKey.in(directory);

        assertEquals(32, first.length);
        assertArrayEquals(first, SealKey.in(directory));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("seal.key"))));
    }

    @Test
    void isAnotherOneOnceItsFileWasDeleted() throws IOException {
        byte[] first = SealKey.in(directory);
        Files.delete(directory.resolve("seal.key"));

        assertFalse(Arrays.equals(first, SealKey.in(directory)));
    }

    @Test
    void refusesAFileThatHoldsSomethingElse() throws IOException {
        SealKey.in(directory);
        Files.writeString(directory.resolve("seal.key"), "mcpm_seal_short\n");

        assertThrows(ProblemException.class, () -> SealKey.in(directory));
    }

    @Test
    void refusesAFileThatOthersCouldRead() throws IOException {
        SealKey.in(directory);
        Files.setPosixFilePermissions(directory.resolve("seal.key"), PosixFilePermissions.fromString("rw-r--r--"));

        assertThrows(ProblemException.class, () -> SealKey.in(directory));
    }
}

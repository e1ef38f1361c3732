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
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.server.ProblemException;

class SealKeyTest {
    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("seal.key");
    }

    private static byte[] only(List<byte[]> keys) {
        assertEquals(1, keys.size());
        return keys.get(0);
    }

    @Test
    void outlivesTheManagerAndIsForItsOwnerOnly() throws IOException {
        byte[] first = only(SealKey.in(file()));

        assertEquals(32, first.length);
        assertArrayEquals(first, only(SealKey.in(file())));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("seal.key"))));
    }

    @Test
    void isAnotherOneOnceItsFileWasDeleted() throws IOException {
        byte[] first = only(SealKey.in(file()));
        Files.delete(directory.resolve("seal.key"));

        assertFalse(Arrays.equals(first, only(SealKey.in(file()))));
    }

    @Test
    void refusesAFileThatHoldsSomethingElse() throws IOException {
        SealKey.in(file());
        Files.writeString(directory.resolve("seal.key"), "mcpm_seal_short\n");

        assertThrows(ProblemException.class, () -> SealKey.in(file()));
    }

    @Test
    void refusesAFileThatOthersCouldRead() throws IOException {
        SealKey.in(file());
        Files.setPosixFilePermissions(directory.resolve("seal.key"), PosixFilePermissions.fromString("rw-r--r--"));

        assertThrows(ProblemException.class, () -> SealKey.in(file()));
    }

    @Test
    void aFileMayHoldSeveralKeysInOrder() throws IOException {
        byte[] first = only(SealKey.in(file()));
        String line = Files.readString(file());
        String other = "mcpm_seal_" + "A".repeat(43) + "\n";
        Files.writeString(file(), other + line);

        List<byte[]> keys = SealKey.again(file()).orElseThrow();

        assertEquals(2, keys.size());
        assertArrayEquals(new byte[32], keys.get(0));
        assertArrayEquals(first, keys.get(1));
    }

    @Test
    void refusesMoreKeysThanAnybodyNeeds() throws IOException {
        SealKey.in(file());
        Files.writeString(file(), ("mcpm_seal_" + "A".repeat(43) + "\n").repeat(SealKey.KEYS_MAX + 1));

        assertThrows(ProblemException.class, () -> SealKey.again(file()));
    }

    @Test
    void aFileThatIsGoneIsNotMadeAgainWhileTheManagerRuns() throws IOException {
        SealKey.in(file());
        Files.delete(file());

        assertEquals(Optional.empty(), SealKey.again(file()));
        assertFalse(Files.exists(file()));
    }
}

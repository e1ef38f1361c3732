package org.mcpservermanager.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.server.ProblemException;

class AdminKeyTest {
    @TempDir
    Path directory;

    private Path state() {
        return directory.resolve("state");
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }

    private Path written(String text, String permissions) throws IOException {
        Files.createDirectory(
                state(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path file = Files.writeString(state().resolve("admin.key"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private void assertRefused(String expected) {
        ProblemException refusal = assertThrows(ProblemException.class, () -> AdminKey.in(state()));
        assertEquals("key_refused", refusal.problem().code());
        assertTrue(refusal.getMessage().contains(expected), refusal.getMessage());
    }

    @Test
    void makesAKeyThatOnlyTheOwnerCanRead() throws IOException {
        AdminKey made = AdminKey.in(state());
        String key = Files.readString(made.file()).strip();
        assertTrue(key.matches("mcpm_admin_[A-Za-z0-9_-]{43}"), key);
        assertEquals("rw-------", permissions(made.file()));
        assertEquals("rwx------", permissions(state()));
        assertEquals(Optional.of(new Caller.Known("admin", Role.ADMIN)), made.callerOf(key));
        try (Stream<Path> files = Files.list(state())) {
            assertEquals(List.of(made.file()), files.toList());
        }
    }

    @Test
    void keepsTheKeyOverBoots() throws IOException {
        String key = Files.readString(AdminKey.in(state()).file()).strip();
        assertTrue(AdminKey.in(state()).callerOf(key).isPresent());
        assertEquals(key, Files.readString(state().resolve("admin.key")).strip());
    }

    @Test
    void makesADifferentKeyForEachInstallation() throws IOException {
        assertNotEquals(
                Files.readString(AdminKey.in(state()).file()),
                Files.readString(AdminKey.in(directory.resolve("other")).file()));
    }

    @Test
    void knowsNoOtherToken() throws IOException {
        AdminKey key = AdminKey.in(state());
        String right = Files.readString(key.file()).strip();
        for (String wrong :
                List.of("", "mcpm_admin_", right + "x", right.substring(1), right.toUpperCase(Locale.ROOT))) {
            assertFalse(key.callerOf(wrong).isPresent(), wrong);
        }
    }

    @Test
    void doesNotShowTheKeyInItsText() throws IOException {
        AdminKey key = AdminKey.in(state());
        assertFalse(key.toString().contains(Files.readString(key.file()).strip()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw-r-----", "rw----r--", "rw--w----", "rwx------"})
    void refusesAKeyThatOthersMayKnow(String permissions) throws IOException {
        written("mcpm_admin_" + "a".repeat(43), permissions);
        assertRefused(permissions);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "changeme",
                "mcpm_admin_short",
                "mcpm_admin_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nsecond"
            })
    void refusesAFileThatHoldsNoKeyAndDoesNotShowIt(String text) throws IOException {
        written(text, "rw-------");
        assertRefused("not a key");
        if (text.equals("changeme")) {
            assertFalse(assertThrows(ProblemException.class, () -> AdminKey.in(state()))
                    .getMessage()
                    .contains(text));
        }
    }

    @Test
    void refusesALink() throws IOException {
        Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "mcpm_admin_" + "a".repeat(43));
        Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rw-------"));
        Files.createDirectory(
                state(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createSymbolicLink(state().resolve("admin.key"), elsewhere);
        assertRefused("not a regular file");
    }

    @Test
    void refusesADirectoryThatOthersCanWriteTo() throws IOException {
        Files.createDirectory(state());
        Files.setPosixFilePermissions(state(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertRefused("chmod 700");
        assertFalse(Files.exists(state().resolve("admin.key")));
    }

    @Test
    void twoManagersThatBootAtOnceShareOneKey() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Callable<AdminKey>> boots = Stream.generate(() -> (Callable<AdminKey>) () -> AdminKey.in(state()))
                    .limit(16)
                    .toList();
            List<Future<AdminKey>> keys = pool.invokeAll(boots);
            String key = Files.readString(state().resolve("admin.key")).strip();
            for (Future<AdminKey> each : keys) {
                assertTrue(each.get().callerOf(key).isPresent());
            }
        } finally {
            pool.shutdownNow();
        }
    }
}

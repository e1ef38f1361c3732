package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalTest {
    private static final Survival SURVIVAL = new Survival(4711, "ab".repeat(32));
    private static final Marker MARKER = new Marker("0f-1", "boxed", 1, "abc1", 3);

    @TempDir
    Path directory;

    private List<Journal.Entry> reopened() throws IOException {
        try (Journal journal = Journal.open(directory, "this boot")) {
            return journal.leftovers();
        }
    }

    @Test
    void keepsWhatOutlivesTheManagerInAContainerAndWhatDoesNot() throws IOException {
        Journal.Entry plain = new Journal.Entry(10, 100, MARKER);
        Journal.Entry outliving = new Journal.Entry(11, 101, MARKER, SURVIVAL);
        Journal.Entry contained = new Journal.Entry(12, 102, MARKER, SURVIVAL, "/opt/my tools/100%/podman");
        try (Journal journal = Journal.open(directory, "this boot")) {
            List.of(plain, outliving, contained).forEach(journal::add);
        }
        assertEquals(List.of(plain, outliving, contained), reopened());
    }

    @ParameterizedTest
    @ValueSource(strings = {" 4711 abab", " 4711 DIGEST %2", " 4711 DIGEST %", " 47"})
    void takesAProcessWhoseLineWasTornForOneThatEndsWithTheManager(String rest) throws IOException {
        reopened();
        Path file = directory.resolve("children.journal");
        Files.writeString(
                file, Files.readString(file) + "+ 12 102 " + MARKER + rest.replace("DIGEST", SURVIVAL.digest()));
        for (Journal.Entry entry : reopened()) {
            assertEquals(Survival.NONE, entry.survival());
            assertEquals(12, entry.pid());
        }
    }
}

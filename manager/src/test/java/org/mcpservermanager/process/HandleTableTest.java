package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.server.Usage;

/** What machines without /proc show; every POSIX system can say it. */
class HandleTableTest {
    private final HandleTable table = new HandleTable();

    @Test
    void showsProcessorTimeAndMemoryOfThisProcess() {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/ps")), "ps is there");
        long self = ProcessHandle.current().pid();
        Census census = table.census(0, new Markers());
        Stat stat = census.of(census.scan.pid(self).orElseThrow());

        long bytes = stat.pages() * table.pageBytes();
        assertTrue(bytes > 10_000_000 && bytes < 64_000_000_000L, "a JVM takes " + bytes + " bytes");
        assertTrue(stat.ticks() > 0, "it has used processor time");
        assertEquals(-1, stat.threads());
        assertEquals(-1, census.zombiesOf(self));
        assertEquals(Usage.Source.PS, census.source());
    }

    @Test
    void readsThePidsAndKilobytesOfPsAndNothingElse() {
        Map<Long, Long> found = new HashMap<>();
        for (String line : new String[] {"    1   3096", "77 0", "", "PID RSS", "3 4 5", "x 1"}) {
            Resident.read(line, found);
        }
        assertEquals(Map.of(1L, 3096L, 77L, 0L), found);
    }
}

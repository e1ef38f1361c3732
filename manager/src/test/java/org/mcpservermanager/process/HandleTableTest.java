package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
    void knowsLeadersOfAnEarlierRunByPidAndStart() throws Exception {
        Process ours = new ProcessBuilder("sleep", "1000").start();
        Process stranger = new ProcessBuilder("sleep", "1000").start();
        try {
            Marker one = new Marker("0-0", "one", 1, "old", 1);
            Marker two = new Marker("0-0", "two", 1, "old", 2);
            long start = table.look(ours.pid()).orElseThrow().start();
            long other = table.look(stranger.pid()).orElseThrow().start() - 1;
            table.recall(
                    List.of(new Journal.Entry(ours.pid(), start, one), new Journal.Entry(stranger.pid(), other, two)));

            Scan scan = table.scan(0);

            assertEquals(
                    List.of(ours.pid()),
                    scan.marked(one.value()).stream().map(Seen::pid).toList());
            assertEquals(List.of(), scan.marked(two.value()));
        } finally {
            ours.destroyForcibly();
            stranger.destroyForcibly();
        }
    }

    @Test
    void theNextRunEndsThemAndWhatIsBelow(@TempDir Path state) throws Exception {
        Process left = new ProcessBuilder("sh", "-c", "sleep 1000 & echo $!; wait").start();
        long below = Long.parseLong(left.inputReader().readLine());
        try (StateLock lock = StateLock.take(state);
                Journal earlier = Journal.open(state, table.boot())) {
            ManagerId manager = ManagerId.of(lock);
            earlier.add(new Journal.Entry(
                    left.pid(),
                    table.look(left.pid()).orElseThrow().start(),
                    new Marker(manager.toString(), "left", 1, "old", 1)));
            try (Journal journal = Journal.open(state, table.boot());
                    Guardian nobody = new Guardian(List.of(), "");
                    TreeKeeper keeper = new TreeKeeper(table, new Signals(table, nobody))) {
                table.recall(journal.leftovers());
                Remains none = new Remains(List.of(), List.of(), null, name -> false);
                Survivors survivors = Survivors.among(journal.leftovers(), table, entry -> true);

                Leftovers found = new Reaper(table, keeper, journal, none, survivors, manager, "new").reapLeftovers();

                assertEquals(
                        Set.of(left.pid(), below),
                        found.ended().stream().map(Leftovers.Leftover::pid).collect(Collectors.toSet()));
                assertTrue(left.waitFor(5, TimeUnit.SECONDS));
            }
        } finally {
            ProcessHandle.of(below).ifPresent(ProcessHandle::destroyForcibly);
            left.destroyForcibly();
        }
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

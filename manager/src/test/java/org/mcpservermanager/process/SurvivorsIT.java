package org.mcpservermanager.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.faults.Fault;
import org.mcpservermanager.server.Exit;

/** Processes that outlive a manager which was killed, and what the next one makes of them. */
@Tag("process")
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class SurvivorsIT {
    private static final String SLEEPS = "sleep TAG";
    private static final Duration SOON = Duration.ofSeconds(5);
    private final String tag = "66" + Math.abs(UUID.randomUUID().getMostSignificantBits() % 1_000_000_000_000L);

    @TempDir
    Path state;

    @BeforeEach
    void groupsAreThere() throws Exception {
        try (Household house = new Household(state.resolve("trial"))) {
            Levels.require(house);
        }
    }

    @AfterEach
    void nothingIsLeft() {
        List<String> left = Household.alive(tag);
        left.forEach(line -> ProcessHandle.of(Long.parseLong(line.substring(0, line.indexOf(' '))))
                .ifPresent(ProcessHandle::destroyForcibly));
        assertEquals(List.of(), left);
    }

    /** @return the leader's pid */
    private long leftByAKilledManager() throws Exception {
        return leftByAKilledManager(SLEEPS);
    }

    private long leftByAKilledManager(String script) throws Exception {
        Process manager = KilledManager.start(state, tag, "survive", List.of(script));
        ProcessHandle guardian =
                ProcessHandle.of(LeftByAManagerIT.readGuardian(manager)).orElseThrow();
        manager.destroyForcibly().waitFor();
        guardian.onExit().get(20, TimeUnit.SECONDS);
        assertEquals(2, Household.alive(tag).size(), () -> Household.alive(tag).toString());
        return journal().pid();
    }

    private Journal.Entry journal() throws IOException {
        try (StateLock lock = StateLock.take(state);
                Journal journal = Journal.open(lock.directory(), new ProcTable().boot())) {
            return journal.leftovers().get(0);
        }
    }

    @Test
    @Fault(36)
    void oneThatShallOutliveItsManagerIsFoundAdoptedWatchedAndStoppedWithItsTree() throws Exception {
        long pid = leftByAKilledManager();
        try (Household next = new Household(state)) {
            assertEquals(Leftovers.NONE, next.launcher.leftovers());
            assertEquals(Optional.of(Household.SURVIVAL), next.launcher.survivor(Household.SERVER));

            Child child = next.launcher.adopt(Household.SERVER).orElseThrow();

            assertEquals(pid, child.pid());
            assertEquals(Condition.ALIVE, child.condition());
            assertEquals(Optional.empty(), next.launcher.adopt(Household.SERVER), "nobody else gets it");
            assertEquals(2, next.launcher.read().get(child).processes());
            assertTrue(child.stop(Duration.ofMinutes(1), SOON).get(10, TimeUnit.SECONDS));
            assertEquals(List.of(), Household.alive(tag));
        }
        try (Household after = new Household(state)) {
            assertEquals(Optional.empty(), after.launcher.survivor(Household.SERVER));
            assertEquals(Leftovers.NONE, after.launcher.leftovers());
        }
    }

    @Test
    void whatItPrintsIsKeptThroughTheDeathOfItsManager() throws Exception {
        leftByAKilledManager("(: TAG; i=0; while i=$((i+1)) && echo $i && echo wrong $i >&2; do sleep 0.02; done)");
        Path files = state.resolve("output");
        try (Household next = new Household(state);
                Stream<Path> kept = Files.list(files)) {
            long printed = kept.filter(file -> file.toString().endsWith(".out"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
            assertTrue(printed > 0, "from before");

            Child child = next.launcher.adopt(Household.SERVER).orElseThrow();

            BufferedReader out = new BufferedReader(new InputStreamReader(child.stdout(), UTF_8));
            for (long i = 1; i <= printed + 20; i++) {
                assertEquals(Long.toString(i), out.readLine(), "no line is missing, and the file grows");
            }
            assertEquals("wrong 1", new BufferedReader(new InputStreamReader(child.stderr(), UTF_8)).readLine());
            assertTrue(child.stop(Duration.ZERO, SOON).get(10, TimeUnit.SECONDS));
            child.treeEmpty().get(10, TimeUnit.SECONDS);
            Eventually.becomes(List.of(), SOON, () -> List.of(files.toFile().list()));
        }
    }

    @Test
    void whatNobodyTakesOverLeavesNoFile() throws Exception {
        leftByAKilledManager("(: TAG; while echo tick; do sleep 0.02; done)");
        try (Household next = new Household(state)) {
            next.launcher.endSurvivors();
            Eventually.becomes(
                    List.of(),
                    SOON,
                    () -> List.of(state.resolve("output").toFile().list()));
        }
        Files.createFile(state.resolve("output").resolve("0-0:nasty:1:gone.1.out"));
        Files.createFile(state.resolve("output").resolve("0-0:nasty:1:gone.1.out.read"));
        try (Household after = new Household(state)) {
            assertEquals(List.of(), List.of(state.resolve("output").toFile().list()), after.state::toString);
        }
    }

    @Test
    void theEndOfAnAdoptedOneIsNoticedAndItsOrphansEnd() throws Exception {
        leftByAKilledManager();
        try (Household next = new Household(state)) {
            Child child = next.launcher.adopt(Household.SERVER).orElseThrow();

            ProcessHandle.of(child.pid()).orElseThrow().destroyForcibly();

            assertEquals(new Exit(-1, 0), child.exited().get(5, TimeUnit.SECONDS));
            child.treeEmpty().get(10, TimeUnit.SECONDS);
            assertEquals(List.of(), Household.alive(tag));
        }
    }

    @Test
    void anAdoptedOneOutlivesTheNextManagerToo() throws Exception {
        long pid = leftByAKilledManager();
        Process second = KilledManager.start(state, tag, "adopt", List.of(Household.SERVER.value()));
        ProcessHandle guardian =
                ProcessHandle.of(LeftByAManagerIT.readGuardian(second)).orElseThrow();
        second.destroyForcibly().waitFor();
        guardian.onExit().get(20, TimeUnit.SECONDS);

        try (Household third = new Household(state)) {
            assertEquals(
                    pid, third.launcher.adopt(Household.SERVER).orElseThrow().pid());
        }
    }

    @Test
    void oneThatNobodyAdoptsEndsBeforeItsServerIsLaunched() throws Exception {
        leftByAKilledManager();
        try (Household next = new Household(state)) {
            Child fresh = next.sh("echo ready; exec sleep 1000");
            assertEquals("ready", Household.line(fresh));
            assertEquals(List.of(), Household.alive(tag));
        }
    }

    @Test
    void oneThatNobodyWantsEndsWhenThatIsKnown() throws Exception {
        leftByAKilledManager();
        try (Household next = new Household(state)) {
            next.launcher.endSurvivors();
            assertEquals(List.of(), Household.alive(tag));
        }
    }

    @Test
    @Fault(38)
    void aStrangerIsNeitherAdoptedNorSignalled() throws Exception {
        Process stranger = new ProcessBuilder("sleep", "1000").start();
        try {
            Seen seen = new ProcTable().look(stranger.pid()).orElseThrow();
            journal(seen.pid(), seen.start());
            refusesToAdopt(stranger);
        } finally {
            stranger.destroyForcibly().waitFor();
        }
    }

    @Test
    @Fault(38)
    void aStrangerWithTheMarkerAndAnotherStartIsNotAdopted() throws Exception {
        long pid = leftByAKilledManager();
        Journal.Entry entry = journal();
        try (StateLock lock = StateLock.take(state);
                Journal journal = Journal.open(lock.directory(), new ProcTable().boot())) {
            journal.add(new Journal.Entry(pid, entry.start() - 1, entry.marker(), entry.survival()));
        }
        try (Household next = new Household(state)) {
            assertEquals(Optional.empty(), next.launcher.survivor(Household.SERVER));
            assertEquals(List.of(), Household.alive(tag), "it carries our marker, so it is ended");
        }
    }

    private void journal(long pid, long start) throws IOException {
        try (StateLock lock = StateLock.take(state);
                Journal journal = Journal.open(lock.directory(), new ProcTable().boot())) {
            Marker marker = new Marker(ManagerId.of(lock).toString(), "nasty", 1, "oldkept", 1);
            journal.add(new Journal.Entry(pid, start, marker, Household.SURVIVAL));
        }
    }

    private void refusesToAdopt(Process stranger) throws Exception {
        try (Household next = new Household(state)) {
            assertEquals(Optional.empty(), next.launcher.survivor(Household.SERVER));
            assertEquals(Optional.empty(), next.launcher.adopt(Household.SERVER));
            next.launcher.endSurvivors();
            assertEquals(List.of(stranger.pid()), next.launcher.leftovers().untouched());
        }
        assertFalse(stranger.waitFor(200, TimeUnit.MILLISECONDS), "the stranger lives");
    }

    @Test
    void anOrderThatComesTooLateLeavesNothingInTheJournal() throws Exception {
        try (Household house = new Household(state)) {
            Child gone = house.startSurvivor("true");
            gone.treeEmpty().get(10, TimeUnit.SECONDS);
            Eventually.becomes(Optional.empty(), Duration.ofSeconds(5), this::written);

            gone.stop(Duration.ZERO, Duration.ZERO).get(10, TimeUnit.SECONDS);

            assertEquals(Optional.empty(), written());
        }
    }

    private Optional<Journal.Entry> written() {
        try {
            Path copy = Files.createDirectories(state.resolve("copy"));
            Files.copy(
                    state.resolve("children.journal"),
                    copy.resolve("children.journal"),
                    StandardCopyOption.REPLACE_EXISTING);
            try (Journal journal = Journal.open(copy, new ProcTable().boot())) {
                return journal.leftovers().stream().findAny();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void oneThatWasOrderedToEndIsNotTakenOver() throws Exception {
        Process manager = KilledManager.start(
                state,
                tag,
                "survive and stop",
                List.of("(trap '' TERM; exec sh -c 'kill -STOP $$; echo >asked; exec sleep TAG')"));
        ProcessHandle guardian =
                ProcessHandle.of(LeftByAManagerIT.readGuardian(manager)).orElseThrow();
        manager.destroyForcibly().waitFor();
        guardian.onExit().get(20, TimeUnit.SECONDS);
        assertEquals(List.of(), Household.alive(tag), "the guardian ends what was being ended");
        assertEquals(Survival.NONE, journal().survival());
        assertTrue(Files.exists(state.resolve("ready")));
    }
}

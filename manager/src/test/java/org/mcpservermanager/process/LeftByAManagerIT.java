package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.faults.Fault;

@Tag("process")
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class LeftByAManagerIT {
    private static final List<String> HABITS = List.of(
            "echo ready; exec sleep TAG",
            "trap '' TERM INT HUP; echo ready; while :; do sleep TAG; done",
            "sleep TAG & setsid sleep TAG & echo ready; wait",
            "echo ready; kill -s STOP $$; exec sleep TAG",
            "setsid sh -c 'sleep TAG </dev/null >/dev/null 2>&1 &'; echo ready; exec sleep TAG",
            "env -i sleep TAG & echo ready; wait",
            "trap '' TERM; (trap - TERM; exec env -i sleep TAG) & echo ready; read -r end; exit 0");

    private static final String HIDING =
            "env -i setsid sh -c 'setsid sleep TAG </dev/null >/dev/null 2>&1 & exit' TAG; echo ready; exec sleep TAG";

    private final String tag = "88" + Math.abs(UUID.randomUUID().getMostSignificantBits() % 1_000_000_000_000L);

    @TempDir
    Path state;

    @ParameterizedTest
    @ValueSource(strings = {"none", "group", "pidns", "cgroup"})
    @Fault(36)
    void nothingOutlivesAManagerThatIsKilled(String level) throws Exception {
        requireLevel(level);
        Process manager = manager(level, habits(level));
        readGuardian(manager);
        assertTrue(alive() >= 7, () -> "alive: " + Household.alive(tag));

        manager.destroyForcibly().waitFor();

        Eventually.becomes(List.of(), Duration.ofSeconds(3), () -> Household.alive(tag));
    }

    @Test
    void aManagerThatEndsInOrderTakesAllWithIt() throws Exception {
        Process manager = manager("group", HABITS);
        long guardian = readGuardian(manager);

        manager.getOutputStream().close();

        assertTrue(manager.waitFor(15, TimeUnit.SECONDS));
        assertEquals(0, manager.exitValue());
        assertEquals(List.of(), Household.alive(tag));
        assertFalse(ProcessHandle.of(guardian).isPresent(), "the guardian has left");
    }

    @ParameterizedTest
    @ValueSource(strings = {"group", "cgroup"})
    void theNextStartEndsWhatWasLeft(String level) throws Exception {
        requireLevel(level);
        Process manager = manager(level, level.equals("cgroup") ? List.of(HIDING) : HABITS.subList(0, 3));
        long guardian = readGuardian(manager);
        ProcessHandle.of(guardian).orElseThrow().destroyForcibly();
        manager.destroyForcibly().waitFor();
        int left = alive();
        assertTrue(left >= (level.equals("cgroup") ? 2 : 5), () -> "alive: " + Household.alive(tag));

        try (Household next = new Household(state)) {
            assertEquals(List.of(), Household.alive(tag));
            assertEquals(left, next.launcher.leftovers().ended().size(), () -> "found: " + next.launcher.leftovers());
            assertEquals(List.of(), next.launcher.leftovers().surviving());
            assertTrue(next.launcher.leftovers().ended().stream()
                    .allMatch(one -> one.server().equals("nasty")));
        }
        try (Household after = new Household(state)) {
            assertEquals(Leftovers.NONE, after.launcher.leftovers());
        }
    }

    @Test
    void theGuardianEndsWhatWasFrozen() throws Exception {
        Path group = controlGroup();
        Process server = new ProcessBuilder("setsid", "sleep", tag).start();
        try {
            Eventually.becomes(1, Duration.ofSeconds(5), () -> groupsOf(server));
            Seen seen = new ProcTable().look(server.pid()).orElseThrow();
            Files.writeString(group.resolve("cgroup.procs"), Long.toString(seen.pid()));
            boolean old = Files.exists(group.resolve("freezer.state"));
            Files.writeString(group.resolve(old ? "freezer.state" : "cgroup.freeze"), old ? "FROZEN" : "1");
            Guardian guardian = new Guardian(List.of("/usr/bin/setsid"), "MCP_MANAGER_TOKEN=nobody");
            guardian.entrust(1, "c " + group);
            guardian.watch(seen.pid(), seen.start());

            guardian.close();

            assertTrue(server.waitFor(10, TimeUnit.SECONDS), "it acts on the signal");
            Eventually.becomes(false, Duration.ofSeconds(5), () -> Files.exists(group));
        } finally {
            server.destroyForcibly();
            ControlGroup left = ControlGroup.at(group);
            left.thaw();
            left.remove();
            ControlGroup.at(group.getParent()).remove();
        }
    }

    @Test
    void theNextStartRemovesEmptyControlGroups() throws Exception {
        Path group = controlGroup();
        Files.writeString(state.resolve("enclosures"), "cgroup " + group.getParent() + "\n");

        new Household(state).close();

        assertFalse(Files.exists(group.getParent()));
    }

    @Test
    @Fault(38)
    void aStrangerNamedInTheJournalIsNotSignalled() throws Exception {
        Process stranger = new ProcessBuilder("sleep", tag).start();
        try {
            Seen seen = new ProcTable().look(stranger.pid()).orElseThrow();
            ManagerId manager;
            try (StateLock lock = StateLock.take(state);
                    Journal journal = Journal.open(state, new ProcTable().boot())) {
                manager = ManagerId.of(lock);
                journal.add(new Journal.Entry(
                        seen.pid(), seen.start(), new Marker(manager.toString(), "nasty", 1, "old", 1)));
            }

            try (Household next = new Household(state)) {
                assertEquals(List.of(stranger.pid()), next.launcher.leftovers().untouched());
                assertEquals(List.of(), next.launcher.leftovers().ended());
                assertTrue(stranger.isAlive());
            }
        } finally {
            stranger.destroyForcibly().waitFor();
        }
    }

    @Test
    void processesOfAnotherManagerAreNotSignalled() throws Exception {
        try (Household other = new Household(state.resolve("other"))) {
            Child child = other.sh("echo ready; exec sleep TAG");
            assertEquals("ready", Household.line(child));

            try (Household next = new Household(state.resolve("next"))) {
                assertEquals(Leftovers.NONE, next.launcher.leftovers());
            }

            assertFalse(child.exited().isDone());
            assertEquals(1, other.alive().size());
        }
    }

    @Test
    @Fault(38)
    void aStrangerWithTheRightPidAndAnotherStartIsNotSignalled() throws Exception {
        Process stranger = new ProcessBuilder("sleep", tag).start();
        try (Guardian guardian = new Guardian(List.of(), "x")) {
            Seen seen = new ProcTable().look(stranger.pid()).orElseThrow();
            Seen dead = new Seen(seen.pid(), seen.parent(), seen.group(), seen.start() - 1, false);

            new Signals(new ProcTable(), guardian).kill(List.of(dead));
            assertFalse(stranger.waitFor(200, TimeUnit.MILLISECONDS), "the stranger lives");

            new Signals(new ProcTable(), guardian).kill(List.of(seen));
            assertTrue(stranger.waitFor(5, TimeUnit.SECONDS), "the one that was seen is hit");
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void theGuardianLeavesAGroupAloneWhoseLeaderBeganAtAnotherTime() throws Exception {
        Process stranger = new ProcessBuilder("setsid", "sleep", tag).start();
        Process ours = new ProcessBuilder("setsid", "sleep", tag).start();
        try {
            Eventually.becomes(2, Duration.ofSeconds(5), () -> groupsOf(stranger, ours));
            long start = new ProcTable().look(ours.pid()).orElseThrow().start();
            long other = new ProcTable().look(stranger.pid()).orElseThrow().start() - 1;
            Guardian guardian = new Guardian(List.of("/usr/bin/setsid"), "MCP_MANAGER_TOKEN=nobody");
            guardian.watch(ours.pid(), start);
            guardian.watch(stranger.pid(), other);

            guardian.close();

            assertTrue(ours.waitFor(5, TimeUnit.SECONDS), "what is still watched is ended");
            assertTrue(stranger.isAlive());
        } finally {
            stranger.destroyForcibly();
            ours.destroyForcibly();
        }
    }

    @Test
    void theJournalSurvivesATornLineAndAnotherBoot() throws Exception {
        Marker marker = new Marker("0-0", "nasty", 1, "run", 1);
        try (Journal journal = Journal.open(state, "boot-1")) {
            for (int pid = 1; pid <= 1000; pid++) {
                Journal.Entry entry = new Journal.Entry(pid, pid * 10L, marker);
                journal.add(entry);
                if (pid != 500) {
                    journal.remove(entry);
                }
            }
        }
        Path file = state.resolve("children.journal");
        assertTrue(Files.size(file) < 20_000, "compact");
        Files.writeString(file, Files.readString(file) + "+ 1001 10");

        try (Journal again = Journal.open(state, "boot-1")) {
            assertEquals(List.of(new Journal.Entry(500, 5000, marker)), again.leftovers());
        }
        try (Journal otherBoot = Journal.open(state, "boot-2")) {
            assertEquals(List.of(), otherBoot.leftovers());
        }
    }

    private static int groupsOf(Process... processes) {
        int groups = 0;
        for (Process process : processes) {
            groups += new ProcTable()
                            .look(process.pid())
                            .filter(seen -> seen.group() == seen.pid())
                            .isPresent()
                    ? 1
                    : 0;
        }
        return groups;
    }

    private int alive() {
        return Household.alive(tag).size();
    }

    /** As one of another manager. */
    private Path controlGroup() throws Exception {
        requireLevel("cgroup");
        return Files.createDirectories(CgroupMounts.ofThisJvm()
                .unified()
                .or(() -> CgroupMounts.ofThisJvm().controller("freezer"))
                .orElseThrow()
                .resolve("mcp-" + tag)
                .resolve("nasty.1.run.1"));
    }

    private void requireLevel(String level) throws Exception {
        try (Household house = new Household(state.resolve("trial"), Levels.named(level))) {
            Levels.require(house);
        }
    }

    private static List<String> habits(String level) {
        List<String> habits = new ArrayList<>(HABITS);
        if (level.equals("none")) {
            // Who has cleared its environment can only be recognized by what encloses it.
            habits.removeIf(script -> script.contains("env -i"));
        }
        if (Levels.TIGHT.contains(level)) {
            habits.add(HIDING);
        }
        return habits;
    }

    private Process manager(String level, List<String> scripts) throws IOException {
        return KilledManager.start(state, tag, level, scripts);
    }

    static long readGuardian(Process manager) throws IOException {
        String line =
                new BufferedReader(new InputStreamReader(manager.getInputStream(), StandardCharsets.UTF_8)).readLine();
        assertTrue(line != null && line.startsWith("guardian "), () -> "the manager said: " + line);
        return Long.parseLong(line.substring("guardian ".length()));
    }
}

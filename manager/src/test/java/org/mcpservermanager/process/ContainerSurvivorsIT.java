package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.faults.Fault;

/** Containers that outlive a manager which was killed, and what the next one makes of them. */
@EnabledOnOs(OS.LINUX)
@Tag("process")
@Tag("container")
@Timeout(120)
class ContainerSurvivorsIT {
    private static final String SLEEPS = "exec sleep TAG";
    private static final Duration SOON = Duration.ofSeconds(30);
    private final String tag = "55" + Math.abs(UUID.randomUUID().getMostSignificantBits() % 1_000_000_000_000L);

    @TempDir
    static Path imageFiles;

    @TempDir
    Path state;

    private ContainerCli cli;
    private ManagerId manager;

    @BeforeEach
    void containersCanBeRun() throws Exception {
        cli = TestImage.require(imageFiles);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        if (manager != null) {
            List<String> left = containers();
            for (String name : left) {
                cli.run(SOON, List.of("rm", "--force", name));
            }
            assertEquals(List.of(), left);
            assertEquals(List.of(), Household.alive(tag));
        }
    }

    private List<String> containers() {
        String filter = "label=" + ContainerRun.LABEL_MANAGER + "=" + manager;
        try {
            return cli.run(SOON, List.of("ps", "-a", "--filter", filter, "--format", "{{.Names}}"))
                    .output()
                    .lines()
                    .toList();
        } catch (java.io.IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void leftByAKilledManager(String level, String script) throws Exception {
        Process killed = KilledManager.start(state, tag, level, List.of(script));
        ProcessHandle guardian =
                ProcessHandle.of(LeftByAManagerIT.readGuardian(killed)).orElseThrow();
        killed.destroyForcibly().waitFor();
        guardian.onExit().get(20, TimeUnit.SECONDS);
        try (StateLock lock = StateLock.take(state)) {
            manager = ManagerId.of(lock);
        }
    }

    private Journal.Entry journal() throws Exception {
        try (StateLock lock = StateLock.take(state);
                Journal journal = Journal.open(lock.directory(), new ProcTable().boot())) {
            return journal.leftovers().get(0);
        }
    }

    @Test
    @Fault(36)
    void oneIsFoundByItsLabelTakenOverMeasuredAndRemovedWhenItIsStopped() throws Exception {
        leftByAKilledManager("survive in a container", SLEEPS);
        List<String> running = containers();
        assertEquals(1, running.size());
        Journal.Entry entry = journal();
        assertEquals(List.of(ContainerRun.name(entry.marker())), running);

        try (Household next = new Household(state)) {
            assertEquals(Leftovers.NONE, next.launcher.leftovers());
            assertEquals(Optional.of(Household.SURVIVAL), next.launcher.survivor(Household.SERVER));

            Child child = next.launcher.adopt(Household.SERVER).orElseThrow();

            assertEquals(entry.pid(), child.pid());
            assertEquals("container", child.containment());
            assertEquals(Condition.ALIVE, child.condition());
            assertTrue(next.launcher.read().get(child).processes() >= 2);
            assertEquals(running, containers(), "the same one");
            assertTrue(child.stop(Duration.ofMinutes(1), Duration.ofSeconds(2)).get(60, TimeUnit.SECONDS));
            assertEquals(List.of(), Household.alive(tag));
            assertEquals(List.of(), containers());
        }
    }

    @Test
    void oneThatWasTakenOverOutlivesTheNextManagerToo() throws Exception {
        leftByAKilledManager("survive in a container", SLEEPS);
        List<String> running = containers();
        leftByAKilledManager("adopt", Household.SERVER.value());
        assertEquals(running, containers());

        try (Household third = new Household(state)) {
            Child child = third.launcher.adopt(Household.SERVER).orElseThrow();
            ProcessHandle.of(child.pid()).orElseThrow().destroyForcibly();
            child.treeEmpty().get(60, TimeUnit.SECONDS);
            assertEquals(List.of(), containers(), "it does not live on without the client that is watched");
        }
    }

    @Test
    void oneWithoutItsClientIsRemovedBeforeAnythingStarts() throws Exception {
        leftByAKilledManager("survive in a container", SLEEPS);
        ProcessHandle client = ProcessHandle.of(journal().pid()).orElseThrow();
        client.destroyForcibly();
        client.onExit().get(20, TimeUnit.SECONDS);
        assertEquals(1, containers().size());

        try (Household next = new Household(state)) {
            assertEquals(Optional.empty(), next.launcher.survivor(Household.SERVER));
            Eventually.becomes(List.of(), SOON, this::containers);
        }
    }

    @Test
    void oneThatNobodyWantsIsRemoved() throws Exception {
        leftByAKilledManager("survive in a container", SLEEPS);
        try (Household next = new Household(state)) {
            next.launcher.endSurvivors();
            Eventually.becomes(List.of(), SOON, this::containers);
            Eventually.becomes(List.of(), SOON, () -> Household.alive(tag));
        }
    }

    @Test
    void oneThatWasOrderedToEndIsEndedByTheGuardian() throws Exception {
        leftByAKilledManager(
                "survive in a container and stop",
                "trap 'echo >/state/asked' TERM; while :; do sleep TAG & wait; done");
        Eventually.becomes(List.of(), SOON, this::containers);
        Eventually.becomes(List.of(), SOON, () -> Household.alive(tag));
        assertTrue(Files.exists(state.resolve("ready")));
        assertEquals(Survival.NONE, journal().survival());
    }
}

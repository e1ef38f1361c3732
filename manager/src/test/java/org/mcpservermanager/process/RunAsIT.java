package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.faults.Fault;
import org.mcpservermanager.server.Exit;
import org.opentest4j.TestAbortedException;

/** Servers of another user than the manager's, which must be held as any other. */
@Tag("process")
@Tag("root")
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class RunAsIT {
    private static final String USER = "daemon";
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(20);
    private final String tag = "77" + Math.abs(UUID.randomUUID().getMostSignificantBits() % 1_000_000_000_000L);

    @TempDir
    Path state;

    @BeforeEach
    void somebodyElseIsThere() throws Exception {
        Assumptions.assumeTrue(
                Capabilities.lacking(Files.readAllLines(Path.of("/proc/self/status")))
                                .isEmpty()
                        && CommandPath.ofSystem("setpriv").isPresent()
                        && Account.find(USER).isPresent(),
                "only root, with setpriv (util-linux), becomes " + USER);
    }

    @AfterEach
    void nothingIsLeft() {
        Eventually.becomes(List.of(), Duration.ofSeconds(5), () -> Household.alive(tag));
    }

    private Household house(String level) throws Exception {
        Household house = new Household(state.resolve("house"), Levels.named(level));
        try {
            Levels.require(house);
        } catch (TestAbortedException notHere) {
            house.close();
            throw notHere;
        }
        return house;
    }

    private Child start(Household house, String script) {
        return house.launcher.launch(house.as(USER, script.replace("TAG", tag)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "group", "pidns", "cgroup"})
    void runsAsThatUserHeldAsAnyOther(String level) throws Exception {
        Account account = Account.find(USER).orElseThrow();
        try (Household house = house(level)) {
            Child child = house.launcher.launch(house.as(
                            USER,
                            "echo $(id -u) $(id -g) $(id -G); pwd; echo $HOME $USER $LOGNAME. $SHELL; ulimit -n;"
                                    + " grep CapEff /proc/self/status | tr -d '\\t'; cut -c1 /proc/self/oom_score_adj;"
                                    + " echo opened anew >/dev/stderr; exit 7")
                    .heldTo(new Rlimits(64, 0)));

            assertEquals(
                    List.of(
                            account.uid() + " " + account.gid() + " " + account.gid(),
                            account.home(),
                            account.home() + " " + USER + " " + USER + ".",
                            "64",
                            "CapEff:0000000000000000",
                            "5"),
                    text(child.stdout()).lines().toList());
            assertEquals("opened anew\n", text(child.stderr()));
            assertEquals(new Exit(7, 0), child.exited().get(10, TimeUnit.SECONDS));
            assertEquals(level.equals("none") ? "descendants" : level, child.containment());
        }
    }

    private static String text(java.io.InputStream stream) throws Exception {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "group", "pidns", "cgroup"})
    void nothingIsLeftOfItsTree(String level) throws Exception {
        try (Household house = house(level)) {
            Child child = start(
                    house,
                    "trap 'setsid sleep TAG & exit 0' TERM; setsid sh -c 'sleep TAG </dev/null >/dev/null 2>&1 &';"
                            + " setsid sleep TAG & echo ready; while :; do sleep 0.05; done");
            assertEquals("ready", Household.line(child));

            assertTrue(child.stop(Duration.ZERO, SHORT).get(20, TimeUnit.SECONDS));

            assertEquals(List.of(), Household.alive(tag));
        }
    }

    @Test
    void aProcessThatLeftItsParentsIsFoundByItsMarker() throws Exception {
        try (Household house = house("none")) {
            Child child = start(house, "setsid sh -c 'sleep TAG </dev/null >/dev/null 2>&1 &'; exit 3");

            child.treeEmpty().get(10, TimeUnit.SECONDS);

            assertEquals(List.of(), Household.alive(tag));
        }
    }

    @Test
    void itIsAskedToLeaveAlsoWhenItIsHalted() throws Exception {
        try (Household house = house("group")) {
            Child child = start(house, "trap 'exit 9' TERM; echo ready; kill -s STOP $$; sleep TAG & wait");
            assertEquals("ready", Household.line(child));
            Eventually.becomes(Condition.STOPPED, Duration.ofSeconds(5), child::condition);

            assertTrue(child.stop(Duration.ZERO, LONG).get(30, TimeUnit.SECONDS));

            assertEquals(new Exit(9, 0), child.exited().get());
        }
    }

    @Test
    void nothingOutlivesAManagerThatIsKilled() throws Exception {
        Process manager = KilledManager.start(
                state,
                tag,
                "as " + USER,
                List.of(
                        "trap '' TERM INT HUP; echo ready; while :; do sleep TAG; done",
                        "setsid sh -c 'sleep TAG </dev/null >/dev/null 2>&1 &'; echo ready; exec sleep TAG"));
        LeftByAManagerIT.readGuardian(manager);
        assertTrue(Household.alive(tag).size() >= 3, () -> "" + Household.alive(tag));

        manager.destroyForcibly().waitFor();

        Eventually.becomes(List.of(), Duration.ofSeconds(3), () -> Household.alive(tag));
    }

    @Test
    void oneThatOutlivedItsManagerIsAdoptedAndStopped() throws Exception {
        Process manager = KilledManager.start(state, tag, "survive as " + USER, List.of("sleep TAG & wait"));
        ProcessHandle guardian =
                ProcessHandle.of(LeftByAManagerIT.readGuardian(manager)).orElseThrow();
        manager.destroyForcibly().waitFor();
        guardian.onExit().get(20, TimeUnit.SECONDS);

        try (Household next = new Household(state)) {
            Child child = next.launcher.adopt(Household.SERVER).orElseThrow();

            assertEquals(Condition.ALIVE, child.condition());
            assertEquals(2, next.launcher.read().get(child).processes());
            assertTrue(child.stop(Duration.ZERO, LONG).get(30, TimeUnit.SECONDS));
            assertEquals(List.of(), Household.alive(tag));
        }
    }

    @Test
    @Fault(48)
    void aManagerThatMayNotDoesNotStartItAtAll() throws Exception {
        Process manager = KilledManager.start(
                List.of(
                        CommandPath.ofSystem("setpriv").orElseThrow(),
                        "--bounding-set=-kill,-setuid,-setgid,-sys_ptrace"),
                state,
                tag,
                "as " + USER,
                List.of("echo ready; exec sleep TAG"));

        String said = text(manager.getErrorStream());

        assertTrue(said.contains("user_not_available"), said);
        assertTrue(said.contains("lacks CAP_KILL, CAP_SETGID, CAP_SETUID, CAP_SYS_PTRACE"), said);
        assertEquals(1, manager.waitFor());
    }
}

package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
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
import org.mcpservermanager.server.Containment;
import org.mcpservermanager.server.Exit;

/** With real containers; skipped where podman or busybox is missing, or podman cannot run anything. */
@EnabledOnOs(OS.LINUX)
@Tag("process")
@Tag("container")
@Timeout(120)
class ContainerIT {
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    static Path imageFiles;

    @TempDir
    Path state;

    private ContainerCli cli;
    private Household house;

    @BeforeEach
    void open() throws Exception {
        cli = TestImage.require(imageFiles);
        house = new Household(state.resolve("house"));
    }

    @AfterEach
    void close() throws Exception {
        if (house != null) {
            house.close();
        }
    }

    @Test
    void talksToAServerInAContainerAndTellsHowItEnded() throws Exception {
        Child child = house.contained(TestImage.CONTAINER, Map.of(), "read -r line; echo \"$line\" inside; exit 42");
        child.stdin().write("hello\n".getBytes(StandardCharsets.UTF_8));

        assertEquals("hello inside", Household.line(child));
        assertEquals(new Exit(42, 0), child.exited().get(20, TimeUnit.SECONDS));
        assertEquals("container", child.containment());
        child.treeEmpty().get(20, TimeUnit.SECONDS);
        Eventually.becomes(List.of(), Duration.ofSeconds(30), () -> containers(house));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo ready; exec sleep TAG",
                "trap '' TERM INT HUP; echo ready; while :; do sleep TAG; done",
                "sleep TAG & setsid sleep TAG & echo ready; exec sleep TAG",
                "env -i setsid sh -c 'setsid sleep TAG </dev/null >/dev/null 2>&1 & exit' TAG; echo ready; exec sleep TAG"
            })
    void nothingIsLeftAfterAStop(String script) throws Exception {
        Child child = house.contained(TestImage.CONTAINER, Map.of(), script);
        assertEquals("ready", Household.line(child));

        assertTrue(child.stop(SHORT, SHORT).get(60, TimeUnit.SECONDS));

        assertEquals(List.of(), house.alive());
        Eventually.becomes(List.of(), Duration.ofSeconds(30), () -> containers(house));
    }

    @Test
    void asksTheServerItselfToLeave() throws Exception {
        Child child = house.contained(
                TestImage.CONTAINER, Map.of(), "trap 'exit 7' TERM; echo ready; while :; do sleep 0.1; done; : TAG");
        assertEquals("ready", Household.line(child));

        assertTrue(child.stop(Duration.ZERO, LONG).get(60, TimeUnit.SECONDS));

        assertEquals(new Exit(7, 0), child.exited().get());
    }

    @Test
    @Fault(49)
    void nothingIsLeftWhenTheRuntimesClientIsKilled() throws Exception {
        Child child = house.contained(TestImage.CONTAINER, Map.of(), "trap '' HUP TERM; echo ready; exec sleep TAG");
        assertEquals("ready", Household.line(child));

        ProcessHandle.of(child.pid()).orElseThrow().destroyForcibly();
        child.treeEmpty().get(60, TimeUnit.SECONDS);

        assertEquals(List.of(), house.alive());
        Eventually.becomes(List.of(), Duration.ofSeconds(30), () -> containers(house));
    }

    @Test
    void passesVariablesButNoSecretInTheCommandLine() throws Exception {
        Child child = house.contained(
                TestImage.CONTAINER,
                Map.of("API_KEY", "s3cret", "PATH", "/bin:/opt", "DOCKER_HOST", "tcp://inner"),
                "echo $API_KEY $PATH $DOCKER_HOST; read -r end; : TAG");

        assertEquals("s3cret /bin:/opt tcp://inner", Household.line(child));
        assertFalse(house.alive().isEmpty());
        assertTrue(house.alive().stream().noneMatch(line -> line.contains("s3cret")), () -> "" + house.alive());
    }

    @Test
    void keepsTheLimitsOfTheContainer() throws Exception {
        Containment.Container narrow = new Containment.Container(
                "podman",
                TestImage.NAME,
                Containment.Pull.NEVER,
                List.of(new Containment.Mount(imageFiles.toString(), "/seen", true)),
                "none",
                "1000:1000",
                true,
                List.of("all"),
                new Containment.Ceiling(64 << 20, 20),
                "0.5",
                List.of("--hostname", "inner"));

        Child child = house.contained(
                narrow,
                Map.of(),
                "id -u; cat /proc/sys/kernel/hostname; (echo x > /tmp/x) 2>/dev/null || echo read-only;"
                        + " (echo x > /seen/x) 2>/dev/null || echo mounted read-only; grep CapEff /proc/self/status | tr -d '\\t'");

        assertEquals(
                List.of("1000", "inner", "read-only", "mounted read-only", "CapEff:0000000000000000"),
                new String(child.stdout().readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList());
    }

    @Test
    void nothingOutlivesAManagerThatIsKilled() throws Exception {
        Process manager = KilledManager.start(
                state.resolve("killed"),
                house.tag,
                "container",
                List.of("trap '' HUP TERM; echo ready; exec sleep TAG"));
        LeftByAManagerIT.readGuardian(manager);
        assertFalse(house.alive().isEmpty());

        manager.destroyForcibly().waitFor();

        Eventually.becomes(List.of(), Duration.ofSeconds(20), () -> Household.alive("sleep " + house.tag));
    }

    @Test
    void theNextStartRemovesWhatWasLeft() throws Exception {
        Path killed = state.resolve("killed");
        Process manager = KilledManager.start(
                killed, house.tag, "container", List.of("trap '' HUP TERM; echo ready; exec sleep TAG"));
        ProcessHandle.of(LeftByAManagerIT.readGuardian(manager)).orElseThrow().destroyForcibly();
        manager.destroyForcibly().waitFor();
        assertFalse(Household.alive("sleep " + house.tag).isEmpty());

        try (Household next = new Household(killed)) {
            Eventually.becomes(List.of(), Duration.ofSeconds(30), () -> Household.alive("sleep " + house.tag));
            Eventually.becomes(List.of(), Duration.ofSeconds(30), () -> containers(next));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-user", "0:no-such-group"})
    @Fault(48)
    void aUserThatTheImageDoesNotKnowIsFatalWithTheRuntimesReason(String user) {
        LaunchRefused refused =
                assertThrows(LaunchRefused.class, () -> house.contained(as(user), Map.of(), "echo ran as somebody"));

        assertEquals("user_not_found", refused.problem().code());
        assertFalse(refused.hostFault(), "nothing that a retry could mend");
        assertTrue(refused.problem().message().contains("unable to find"), refused::getMessage);
        assertEquals(List.of(), containers(house));
    }

    @Test
    void aUserOfTheImageRunsItAndLeavesNoTrial() throws Exception {
        Path passwd = Files.writeString(imageFiles.resolve("passwd"), "worker:x:4711:4712::/:/bin/sh\n");
        Containment.Container plain = as("worker");
        Containment.Container known = new Containment.Container(
                plain.runtime(),
                plain.image(),
                plain.pull(),
                List.of(new Containment.Mount(passwd.toString(), "/etc/passwd", true)),
                plain.network(),
                plain.user(),
                plain.readOnly(),
                plain.droppedCapabilities(),
                plain.ceiling(),
                plain.cpus(),
                plain.options());

        Child child = house.contained(known, Map.of(), "echo $(id -u) $(id -g); read -r end; : TAG");

        assertEquals("4711 4712", Household.line(child));
        assertEquals(1, containers(house).size(), () -> "" + containers(house));
    }

    private static Containment.Container as(String user) {
        Containment.Container plain = TestImage.CONTAINER;
        return new Containment.Container(
                plain.runtime(),
                plain.image(),
                plain.pull(),
                plain.mounts(),
                plain.network(),
                user,
                plain.readOnly(),
                plain.droppedCapabilities(),
                plain.ceiling(),
                plain.cpus(),
                plain.options());
    }

    @Test
    @Fault(49)
    void refusesAnImageThatIsNotThere() {
        LaunchRefused refused = assertThrows(LaunchRefused.class, () -> launch("podman", "localhost/no-such-image:1"));

        assertEquals("image_not_found", refused.problem().code());
        assertFalse(refused.hostFault());
    }

    @Test
    @Fault(49)
    void tellsARuntimeThatIsNotInstalledFromOneThatDoesNotAnswer() throws Exception {
        LaunchRefused absent = assertThrows(LaunchRefused.class, () -> launch("no-such-runtime", "x"));
        LaunchRefused silent = assertThrows(
                LaunchRefused.class,
                () -> launch(runtimeThatSays("Cannot connect to the Docker daemon at unix:///x."), "x"));
        LaunchRefused forbidden = assertThrows(
                LaunchRefused.class,
                () -> launch(runtimeThatSays("permission denied while trying to reach the socket"), "x"));

        assertEquals("command_not_found", absent.problem().code());
        assertFalse(absent.hostFault());
        assertEquals("container_runtime_unavailable", silent.problem().code());
        assertTrue(silent.hostFault(), "it may be started any time");
        assertEquals("container_runtime_unavailable", forbidden.problem().code());
        assertFalse(forbidden.hostFault());
    }

    private Child launch(String runtime, String image) {
        Containment.Container container = new Containment.Container(
                runtime,
                image,
                Containment.Pull.NEVER,
                List.of(),
                "",
                "",
                false,
                List.of(),
                Containment.Ceiling.NONE,
                "",
                List.of());
        return house.contained(container, Map.of(), "exit 0");
    }

    private String runtimeThatSays(String error) throws Exception {
        Path program = Files.createTempFile(state, "runtime", "");
        Files.writeString(program, "#!/bin/sh\necho '" + error + "' >&2\nexit 1\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return program.toString();
    }

    private List<String> containers(Household of) {
        String filter = "label=" + ContainerRun.LABEL_MANAGER + "=" + of.launcher.manager();
        try {
            return cli.run(Duration.ofSeconds(30), List.of("ps", "-a", "--filter", filter, "--format", "{{.Names}}"))
                    .output()
                    .lines()
                    .toList();
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }
}

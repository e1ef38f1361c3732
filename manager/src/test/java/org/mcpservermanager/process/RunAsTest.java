package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcpservermanager.faults.Fault;

@EnabledOnOs(OS.LINUX)
class RunAsTest {
    private static final Path ROOT = Path.of("/");
    private static final Path HOME = Path.of("");

    @TempDir
    Path directory;

    @BeforeEach
    void openForAll() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @ParameterizedTest
    @CsvSource({
        "no-such-user, user \"no-such-user\" does not exist",
        "999999999, user \"999999999\" does not exist",
        "root:no-such-group, group \"no-such-group\" does not exist"
    })
    @Fault(48)
    void refusesAUserThatIsNotThere(String user, String message) {
        LaunchRefused refused = refused(launch("true", ROOT).by(user));

        assertEquals("user_not_found", refused.problem().code());
        assertFalse(refused.hostFault(), "nothing that a retry could mend");
        assertTrue(refused.problem().message().contains(message), refused::getMessage);
    }

    @Test
    @Fault(48)
    void refusesWhereThereAreNoSuchUsers() {
        String system = System.getProperty("os.name");
        System.setProperty("os.name", "Mac OS X");
        try {
            LaunchRefused refused = refused(launch("true", ROOT).by("daemon"));

            assertEquals("user_not_available", refused.problem().code());
            assertTrue(refused.problem().message().contains("needs Linux"), refused::getMessage);
        } finally {
            System.setProperty("os.name", system);
        }
    }

    @Test
    void namesWhatTheManagerIsNotAllowed() {
        assertEquals(List.of(), Capabilities.lacking(List.of("Name:\tjava", "CapEff:\t000001ffffffffff")));
        assertEquals(
                List.of("CAP_SYS_PTRACE"),
                Capabilities.lacking(List.of("CapEff:\t00000000a80425fb")),
                "root in a container");
        assertEquals(
                List.of("CAP_KILL", "CAP_SETGID", "CAP_SETUID", "CAP_SYS_PTRACE"),
                Capabilities.lacking(List.of("CapEff:\t0000000000000000")));
        assertEquals(4, Capabilities.lacking(List.of()).size());
    }

    @Test
    void theManagersOwnUserNeedsNoRight() {
        Launch launch = RunAs.of(launch("true", HOME).by(System.getProperty("user.name")))
                .launch();

        assertTrue(launch.command().get(0).endsWith("/true"), () -> "" + launch.command());
        assertEquals(System.getProperty("user.name"), launch.environment().get("LOGNAME"));
        assertFalse(launch.directory().toString().isEmpty());
    }

    @Test
    void becomesTheUserAsTheLastStepWithItsEnvironmentUnlessDeclared() throws Exception {
        requireRoot();
        Account daemon = Account.find("daemon").orElseThrow();
        Launch asked = launch("true", HOME).by("daemon:nogroup");

        Launch launch = RunAs.of(asked.as(asked.command(), Map.of("HOME", "/declared"), HOME))
                .launch();

        assertTrue(launch.command().get(0).endsWith("/setpriv"), () -> "" + launch.command());
        assertTrue(launch.command()
                .contains("--regid=" + Account.groupId("nogroup").getAsLong()));
        assertEquals(daemon.home(), launch.directory().toString());
        assertEquals(Map.of("HOME", "/declared", "USER", "daemon", "LOGNAME", "daemon"), launch.environment());
        assertEquals(ROOT, RunAs.of(launch("true", HOME).by("nobody")).launch().directory(), "it has no home");
        assertEquals(
                "daemon",
                Account.find(Long.toString(daemon.uid())).orElseThrow().name());
    }

    @Test
    void refusesADirectoryThatTheUserMayNotEnter() throws Exception {
        requireRoot();
        Path closed = Files.createDirectories(directory.resolve("closed/inner"));
        Files.setPosixFilePermissions(closed.getParent(), PosixFilePermissions.fromString("rwx------"));

        LaunchRefused refused = refused(launch("true", closed).by("daemon"));

        assertEquals("directory_not_found", refused.problem().code());
        assertTrue(refused.problem().message().contains("may not be entered by user \"daemon\""), refused::getMessage);
    }

    @ParameterizedTest
    @CsvSource({"rwx------, may not be read and executed", "rwx--x--x, may not be read and executed"})
    void refusesAScriptThatTheUserMayNotRun(String rights, String message) throws Exception {
        requireRoot();
        Path script = Files.writeString(directory.resolve("script"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString(rights));

        LaunchRefused refused = refused(launch(script.toString(), ROOT).by("daemon"));

        assertEquals("not_executable", refused.problem().code());
        assertTrue(refused.problem().message().contains(message), refused::getMessage);
    }

    @Test
    void takesTheFirstProgramOnThePathThatTheUserCanRun() throws Exception {
        requireRoot();
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Path hidden = Files.writeString(closed.resolve("sleep"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        Launch asked = launch("sleep", ROOT).by("daemon");

        Launch launch = RunAs.of(asked.as(asked.command(), Map.of("PATH", closed + ":/usr/bin:/bin"), ROOT))
                .launch();

        String program = launch.command().get(launch.command().size() - 1);
        assertTrue(List.of("/usr/bin/sleep", "/bin/sleep").contains(program), program);
    }

    @Test
    void refusesAMissingCommandWithItsOwnReason() {
        LaunchRefused refused = refused(launch("no-such-program", HOME).by(System.getProperty("user.name")));

        assertEquals("command_not_found", refused.problem().code());
    }

    private static void requireRoot() throws Exception {
        Assumptions.assumeTrue(
                Capabilities.lacking(Files.readAllLines(Path.of("/proc/self/status")))
                                .isEmpty()
                        && CommandPath.ofSystem("setpriv").isPresent(),
                "only root, with setpriv (util-linux), becomes somebody else");
    }

    private static LaunchRefused refused(Launch launch) {
        return assertThrows(LaunchRefused.class, () -> RunAs.of(launch));
    }

    private static Launch launch(String command, Path directory) {
        return new Launch(Household.SERVER, 1, List.of(command), Map.of(), directory);
    }
}

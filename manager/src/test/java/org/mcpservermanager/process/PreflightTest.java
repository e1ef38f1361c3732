package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.faults.Fault;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;

@DisabledOnOs(OS.WINDOWS)
class PreflightTest {
    @TempDir
    Path directory;

    @BeforeEach
    void furnish() throws IOException {
        Files.createDirectory(directory.resolve("folder"));
        write("plain", "#!/bin/sh\n", false);
        write("good", "#!/bin/sh\necho hello\n", true);
        write("text", "echo hello\n", true);
        write("empty", "", true);
        write("orphan", "#!/no/such/interpreter -x\n", true);
        write("windows", "#!/bin/sh\r\necho hello\r\n", true);
        write("env-orphan", "#!/usr/bin/env no-such-python3\n", true);
        write("env-split", "#!/usr/bin/env -S A=b no-such-node --flag\n", true);
        write("env-good", "#!/usr/bin/env sh\n", true);
        write("nested", "#!" + directory.resolve("orphan") + "\n", true);
    }

    private void write(String name, String content, boolean executable) throws IOException {
        File file = Files.writeString(directory.resolve(name), content).toFile();
        assertTrue(file.setExecutable(executable, false));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
            no-such-program  | command_not_found     | "no-such-program" was not found (looked in DIR, /usr/bin, /bin)
            ./no-such-file   | command_not_found     | "./no-such-file" does not exist (looked for DIR/./no-such-file)
            /no/such/file    | command_not_found     | (looked for /no/such/file)
            plain            | not_executable        | "DIR/plain" may not be executed by user
            ./plain          | not_executable        | may not be executed by user
            ./folder         | not_executable        | is a directory
            text             | not_executable        | first line does not begin with #!
            empty            | not_executable        | it is empty
            orphan           | interpreter_not_found | "/no/such/interpreter" of script DIR/orphan
            windows          | interpreter_not_found | "/bin/sh?" of script DIR/windows
            env-orphan       | interpreter_not_found | "no-such-python3" of script DIR/env-orphan was not found (looked in DIR, /usr/bin, /bin
            env-split        | interpreter_not_found | "no-such-node" of script
            nested           | interpreter_not_found | "/no/such/interpreter" of script DIR/orphan
            """)
    @Fault(1)
    void refusesACommandThatCannotRun(String command, String code, String message) {
        Problem problem = refusal(List.of(command), environment(), directory);

        assertEquals(code, problem.code());
        assertContains(message.replace("DIR", directory.toString()), problem.message());
        assertContains("server 'pre-flight'", problem.message());
        assertFalse(problem.remedy().isBlank());
    }

    @ParameterizedTest
    @CsvSource({"good, good", "./good, ./good", "env-good, env-good"})
    void findsTheProgramOnThePathOfTheChild(String command, String found) {
        List<String> checked = Preflight.check(launch(List.of(command, "a b"), environment(), directory));

        assertEquals(List.of(directory.resolve(found).toString(), "a b"), checked);
    }

    @Test
    void takesAnEmptyPathEntryForTheWorkingDirectory() {
        List<String> checked = Preflight.check(launch(List.of("good"), Map.of("PATH", "/bin:"), directory));

        assertEquals(List.of(directory.resolve("good").toString()), checked);
    }

    @Test
    void refusesAWorkingDirectoryThatIsNone() {
        Problem missing = refusal(List.of("sh"), environment(), directory.resolve("missing"));
        Problem file = refusal(List.of("sh"), environment(), directory.resolve("good"));

        assertEquals(Problem.DIRECTORY_NOT_FOUND, missing.code());
        assertContains("does not exist", missing.message());
        assertEquals(Problem.DIRECTORY_NOT_FOUND, file.code());
        assertContains("is not a directory", file.message());
    }

    @Test
    void refusesStringsThatNoProcessCanBeGiven() {
        assertInvalid("the command is empty", List.of(), Map.of());
        assertInvalid("the command is empty", List.of(" "), Map.of());
        assertInvalid("argument 1 contains a NUL character at position 1", List.of("sh", "a\0b"), Map.of());
        assertInvalid("environment variable KEY contains a NUL", List.of("sh"), Map.of("KEY", "secret\0"));
        assertInvalid("name \"A=B\" is empty or contains '='", List.of("sh"), Map.of("A=B", "x"));
        assertInvalid("name \"\" is empty or contains '='", List.of("sh"), Map.of("", "x"));
        assertInvalid(
                "argument 2 is 3000000 bytes long (expected: less than 131072)",
                List.of("sh", "-c", "x".repeat(3_000_000)),
                Map.of());
    }

    @Test
    void neverShowsAnEnvironmentValue() {
        Problem problem = refusal(List.of("sh"), Map.of("KEY", "hunter2\0"), directory);

        assertFalse(problem.toString().contains("hunter2"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            Cannot run program "x": error=24, Too many open files                         | host_exhausted        | true
            Cannot run program "x": error=11, Resource temporarily unavailable            | host_exhausted        | true
            Cannot run program "x": error=12, Cannot allocate memory                      | host_exhausted        | true
            Cannot run program "x": error=0, Failed to exec spawn helper: pid: 7, exit value: 127 | host_exhausted | true
            posix_spawn failed, error: 2 (No such file or directory)                      | host_exhausted        | true
            Cannot run program "x": error=7, Argument list too long                       | invalid_configuration | false
            Cannot run program "x": error=13, Permission denied                           | not_executable        | false
            Cannot run program "x": error=2, No such file or directory                    | command_not_found     | false
            Cannot run program "x": Exec failed, error: 7 (Argument list too long)        | invalid_configuration | false
            """)
    void namesWhatAFailedSpawnMeans(String text, String code, boolean hostFault) {
        LaunchRefused refused = (LaunchRefused) failure(text);

        assertEquals(code, refused.problem().code());
        assertEquals(hostFault, refused.hostFault());
        assertContains(text, refused.problem().message());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cannot run program \"x\": error=5, Input/output error",
                "Cannot run program \"x\": error=28, No space left on device",
                "Cannot run program \"x\": error=116, Stale file handle",
                "something new"
            })
    void doesNotRefuseForWhatMayPass(String text) {
        ProblemException failed = failure(text);

        assertFalse(failed instanceof LaunchRefused);
        assertEquals(Problem.INTERNAL, failed.problem().code());
        assertContains(text, failed.problem().message());
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 36, 40})
    void refusesAPathThatCannotBeFollowed(int number) {
        ProblemException failed = failure("Cannot run program \"x\": error=" + number + ", no way");

        assertTrue(failed instanceof LaunchRefused);
        assertEquals(Problem.INVALID_CONFIGURATION, failed.problem().code());
    }

    private ProblemException failure(String text) {
        return SpawnFailure.of(launch(List.of("x"), Map.of(), directory), new IOException(text));
    }

    private void assertInvalid(String message, List<String> command, Map<String, String> environment) {
        Problem problem = refusal(command, environment, directory);
        assertEquals(Problem.INVALID_CONFIGURATION, problem.code());
        assertContains(message, problem.message());
    }

    private static void assertContains(String part, String whole) {
        assertTrue(whole.contains(part), () -> "expected \"" + part + "\" in \"" + whole + "\"");
    }

    private static Problem refusal(List<String> command, Map<String, String> environment, Path directory) {
        LaunchRefused refused =
                assertThrows(LaunchRefused.class, () -> Preflight.check(launch(command, environment, directory)));
        assertFalse(refused.hostFault());
        return refused.problem();
    }

    private Map<String, String> environment() {
        return Map.of("PATH", directory + ":/usr/bin:/bin");
    }

    private static Launch launch(List<String> command, Map<String, String> environment, Path directory) {
        return new Launch(new ServerId("pre-flight"), 1, command, environment, directory);
    }
}

package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcpservermanager.process.BaseEnvironment;
import org.mcpservermanager.process.Launch;
import org.mcpservermanager.server.Limits;
import org.mcpservermanager.server.Limits.Action;
import org.mcpservermanager.server.Limits.Limit;
import org.mcpservermanager.server.Wire;

class ProcessLaunchesTest {
    @TempDir
    Path directory;

    @Test
    void aLaunchIsHeldToMoreThreadsThanProcessesAreAllowed() {
        Launch launch = new ProcessLaunches(BaseEnvironment.ofThisJvm(), directory).of(ScriptedWorld.spec("one"), 1);

        assertEquals(4 * Limits.PROCESSES_DEFAULT, launch.pids());
    }

    @Test
    void anotherUserIsToldNothingOfTheManagersOwn() throws Exception {
        Wire.Stdio process = new Wire.Stdio("c", List.of(), Map.of("KEY", "value"), "", "app:staff");
        ProcessLaunches launches = new ProcessLaunches(BaseEnvironment.ofThisJvm(), directory);

        Launch launch = launches.of(ScriptedWorld.spec("one").with(process), 1);
        Launch served =
                launches.of(ScriptedWorld.spec("one").with(new Wire.Served(process, Wire.Speech.TCP, 0, "")), 1, 4711);

        assertEquals(List.of("app:staff", "app:staff"), List.of(launch.user(), served.user()));
        assertEquals(Path.of(""), launch.directory(), "its home is found where it is started");
        assertEquals("value", launch.environment().get("KEY"));
        assertTrue(launch.environment().containsKey("PATH"));
        assertEquals(
                List.of(),
                Stream.of("HOME", "USER", "LOGNAME", "SHELL", "TMPDIR")
                        .filter(launch.environment()::containsKey)
                        .toList());
        assertEquals(
                List.of(), List.of(Objects.requireNonNull(directory.toFile().list())));
    }

    @ParameterizedTest
    @CsvSource({
        "1000, RESTART, 4000",
        "2, RESTART, 256",
        "1000, ALERT, 0",
        "0, RESTART, 0",
        "1048576, RESTART, 4194304",
        "1048577, RESTART, 0",
        "1000000000000, RESTART, 0"
    })
    void theSystemRefusesWhatIsFarAboveALimitThatEndsTheCopy(long max, Action action, int pids) {
        assertEquals(pids, ProcessLaunches.pidsMax(new Limit(max, action)));
    }
}

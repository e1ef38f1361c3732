package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcpservermanager.process.BaseEnvironment;
import org.mcpservermanager.process.Launch;
import org.mcpservermanager.server.Limits;
import org.mcpservermanager.server.Limits.Action;
import org.mcpservermanager.server.Limits.Limit;

class ProcessLaunchesTest {
    @TempDir
    Path directory;

    @Test
    void aLaunchIsHeldToMoreThreadsThanProcessesAreAllowed() {
        Launch launch = new ProcessLaunches(BaseEnvironment.ofThisJvm(), directory).of(ScriptedWorld.spec("one"), 1);

        assertEquals(4 * Limits.PROCESSES_DEFAULT, launch.pids());
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

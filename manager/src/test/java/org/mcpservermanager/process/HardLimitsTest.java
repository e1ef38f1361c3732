package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the system holds real processes to. */
@Timeout(60)
class HardLimitsTest {
    @TempDir
    Path state;

    private Household household;

    @BeforeEach
    void open() throws IOException {
        Assumptions.assumeTrue(new File("/usr/bin/prlimit").canExecute(), "needs prlimit");
        household = new Household(state);
    }

    @AfterEach
    void close() throws IOException {
        household.close();
    }

    private Child sh(String script, Rlimits limits) {
        return household.launch(List.of("sh", "-c", script, household.tag), limits);
    }

    @Test
    void areThoseThatWereAskedFor() throws IOException {
        Child child = sh("echo $(ulimit -n) $(ulimit -d) $(ulimit -c); read -r end", new Rlimits(77, 20 << 20));

        assertEquals("77 20480 0", Household.line(child));
    }

    @Test
    void leaveTheProcessTheLeaderOfItsGroup() throws IOException {
        Child child = sh("ps -o pgid= -p $$; read -r end", new Rlimits(77, 0));

        assertEquals(Long.toString(child.pid()), Household.line(child).strip());
        assertEquals("group", child.containment());
    }

    @Test
    void noServerWritesACoreFile() throws IOException {
        assertEquals("0", Household.line(sh("ulimit -c; read -r end", Rlimits.NONE)));
    }

    @Test
    void aProcessThatWantsMoreMemoryGetsNone() throws Exception {
        Child child = sh("x=1234567890123456; while :; do x=$x$x; done", new Rlimits(0, 20 << 20));

        assertNotEquals(0, child.exited().get(30, TimeUnit.SECONDS).code());
    }

    @Test
    void nobodyIsRefusedForAskingForMoreThanTheManagerHas() throws IOException {
        Child child = sh("echo up; read -r end", new Rlimits(Long.MAX_VALUE, Long.MAX_VALUE));

        assertEquals("up", Household.line(child));
    }
}

package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
@Timeout(30)
class ActivityTest {
    @TempDir
    Path state;

    @Test
    void countsCpuTimeAndBytesOfTheWholeTree() throws Exception {
        try (Household house = new Household(state)) {
            Child child = house.sh("sh -c 'i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; head -c 3000000 /dev/zero"
                    + " >/dev/null; echo busy; sleep TAG' & wait");
            assertEquals("busy", Household.line(child));

            Activity activity = child.activity().join();

            assertTrue(activity.cpuMillis() >= 20, activity.toString());
            assertTrue(activity.bytes() >= 3_000_000, activity.toString());
        }
    }

    @Test
    void ofASilentProcessStaysAsItIs() throws Exception {
        try (Household house = new Household(state)) {
            Child child = house.sh("echo asleep; exec sleep TAG");
            assertEquals("asleep", Household.line(child));
            Eventually.becomes(true, java.time.Duration.ofSeconds(5), () -> isAsleep(house));

            Activity first = child.activity().join();
            Activity second = child.activity().join();

            assertEquals(first, second);
        }
    }

    private static boolean isAsleep(Household house) {
        return house.alive().stream().anyMatch(line -> line.contains("sleep " + house.tag));
    }

    @Test
    void ofADeadProcessIsNothing() throws Exception {
        try (Household house = new Household(state)) {
            Child child = house.sh("exit 0");
            child.treeEmpty().join();

            assertEquals(Activity.NONE, child.activity().join());
        }
    }
}

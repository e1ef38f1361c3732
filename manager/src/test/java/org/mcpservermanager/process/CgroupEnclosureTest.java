package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.server.Containment.Ceiling;

class CgroupEnclosureTest {
    @TempDir
    Path first;

    @TempDir
    Path second;

    private Optional<String> limitHit() {
        return new CgroupEnclosure(
                        List.of(ControlGroup.at(first), ControlGroup.at(second)),
                        List.of(),
                        List.of(),
                        Map.of(),
                        Path.of("/"),
                        new Ceiling(4096, 8),
                        groups -> {})
                .limitHit();
    }

    @Test
    void knowsNothingWhereTheKernelCountsNothing() {
        assertEquals(Optional.empty(), limitHit());
    }

    @Test
    void countsTheForksThatWereRefused() throws IOException {
        Files.writeString(second.resolve("pids.events"), "max 0\n");
        assertEquals(Optional.empty(), limitHit());
        Files.writeString(second.resolve("pids.events"), "max 17\n");
        assertEquals(
                "the system had refused it 17 times more than the 8 processes and threads of its control group",
                limitHit().orElseThrow());
    }

    @Test
    void knowsWhatWasEndedForItsMemoryInBothVersions() throws IOException {
        Files.writeString(first.resolve("memory.events"), "low 0\nhigh 0\nmax 40\noom 1\noom_kill 0\n");
        assertEquals(Optional.empty(), limitHit());
        Files.writeString(second.resolve("memory.oom_control"), "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n");
        assertEquals(
                "the system ended a process of it at the limit of 4096 bytes of its control group",
                limitHit().orElseThrow());
    }
}

package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Skipped where Linux does not tell how long slices are (CONFIG_SCHED_DEBUG), or is older than 6.12. */
@EnabledOnOs(OS.LINUX)
class ShortSlicesTest {
    private static final String LINE = "se.slice";
    private static final long GONE = -1;

    private static long slice(Path schedule) throws IOException {
        try (var lines = Files.lines(schedule)) {
            return lines.filter(line -> line.startsWith(LINE))
                    .mapToLong(line -> Long.parseLong(line.replaceAll(".*:\\s*", "")))
                    .findFirst()
                    .orElse(0);
        }
    }

    private static long sliceOfThread(String thread) throws IOException {
        try {
            return slice(Path.of("/proc/self/task", thread, "sched"));
        } catch (IOException gone) {
            return GONE;
        }
    }

    private static boolean isGranted() throws IOException {
        String[] release = System.getProperty("os.version").split("[.-]");
        int major = Integer.parseInt(release[0]);
        return (major > 6 || (major == 6 && Integer.parseInt(release[1]) >= 12))
                && slice(Path.of("/proc/self/sched")) > 0;
    }

    @Test
    void allThreadsAndWhatTheyStartGetShortOnes() throws Exception {
        int java = Runtime.version().feature();
        assumeTrue((java == 17 || java >= 22) && isGranted());
        ShortSlices.ask();
        for (String thread : Path.of("/proc/self/task").toFile().list()) {
            long slice = sliceOfThread(thread);
            assertTrue(slice == ShortSlices.NANOS || slice == GONE, () -> "thread " + thread + ": " + slice + " ns");
        }
        Path later = Path.of("/proc/thread-self/sched");
        assertEquals(
                ShortSlices.NANOS,
                CompletableFuture.supplyAsync(() -> unchecked(later), task -> new Thread(task).start())
                        .get());
        Process server = new ProcessBuilder("cat").start();
        try {
            assertEquals(ShortSlices.NANOS, slice(Path.of("/proc", Long.toString(server.pid()), "sched")));
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    private static long unchecked(Path schedule) {
        try {
            return slice(schedule);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

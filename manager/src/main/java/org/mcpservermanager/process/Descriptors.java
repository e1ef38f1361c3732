package org.mcpservermanager.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mcpservermanager.server.Problem;

/** Keeps the last part of this JVM's file descriptors for others: a server that cannot start is better than a log that cannot open. */
final class Descriptors {
    private static final File OPEN = new File("/proc/self/fd");
    private static final double SHARE_MAX = 0.8;
    private final long limit;

    Descriptors() {
        this(limitOfThisJvm());
    }

    Descriptors(long limit) {
        this.limit = limit;
    }

    void requireRoom(Launch launch) {
        String[] open = OPEN.list();
        if (open != null && open.length > limit * SHARE_MAX) {
            throw SpawnFailure.refuse(
                    Problem.HOST_EXHAUSTED,
                    "The application server has " + open.length + " of " + limit
                            + " file descriptors open (expected: at most 80 %)," + " server '" + launch.server() + "'.",
                    "Raise its limit of open files (ulimit -n, LimitNOFILE), or stop some servers.",
                    true);
        }
    }

    private static long limitOfThisJvm() {
        try {
            return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                    .filter(line -> line.startsWith("Max open files"))
                    .map(line -> line.split(" {2,}", 3)[1])
                    .filter(soft -> soft.matches("\\d+"))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
        } catch (IOException notLinux) {
            return Long.MAX_VALUE;
        }
    }
}

package org.mcpservermanager.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.mcpservermanager.server.Problem;

/** Keeps the last part of this JVM's file descriptors for others: a server that cannot start is better than a log that cannot open. */
final class Descriptors {
    private static final File OPEN = new File("/proc/self/fd");
    private static final String SOCKET = "socket:";
    private static final double SHARE_MAX = 0.8;
    /** Pipes, and what is open for a moment while it starts. */
    private static final int PER_LAUNCH_MAX = 16;

    private static final long COUNT_AGE_MAX = 1_000_000_000L;
    private final long limit;
    private long room; // guarded by this: descriptors
    private long countedAt = System.nanoTime() - COUNT_AGE_MAX; // guarded by this

    Descriptors() {
        this(limitOfThisJvm());
    }

    Descriptors(long limit) {
        this.limit = limit;
    }

    /** To count them takes the longer the more there are, so that many launches at once share a count that left room for all of them. */
    synchronized void requireRoom(Launch launch) {
        room -= PER_LAUNCH_MAX;
        if (room <= 0 || System.nanoTime() - countedAt >= COUNT_AGE_MAX) {
            count(launch);
        }
    }

    private void count(Launch launch) {
        long open = Math.max(0, in(OPEN));
        if (open > limit * SHARE_MAX) {
            throw SpawnFailure.refuse(
                    Problem.HOST_EXHAUSTED,
                    "The application server has " + open + " of " + limit
                            + " file descriptors open (expected: at most 80 %)," + " server '" + launch.server() + "'.",
                    "Raise its limit of open files (ulimit -n, LimitNOFILE), or stop some servers.",
                    true);
        }
        room = (long) (limit * SHARE_MAX) - open;
        countedAt = System.nanoTime();
    }

    /**
     * How many a directory of descriptors in /proc shows; negative where nobody knows. Linux 6.2 and newer say the number as the size
     * of the directory, older ones that it is 0.
     */
    static int in(File directory) {
        long size = directory.length();
        if (size > 0) {
            return (int) size;
        }
        String[] names = directory.list();
        return names == null ? -1 : names.length;
    }

    /** How many of them are sockets; negative where nobody knows. */
    static int socketsIn(File directory) {
        String[] names = directory.list();
        return names == null
                ? -1
                : (int) Stream.of(names)
                        .filter(name -> isSocket(directory, name))
                        .count();
    }

    private static boolean isSocket(File directory, String name) {
        try {
            return Files.readSymbolicLink(directory.toPath().resolve(name))
                    .toString()
                    .startsWith(SOCKET);
        } catch (IOException closedMeanwhile) {
            return false;
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

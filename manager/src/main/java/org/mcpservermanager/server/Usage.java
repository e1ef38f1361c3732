package org.mcpservermanager.server;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What process trees used at one moment. A number is negative where the system does not tell it.
 *
 * @param memoryBytes resident memory; pages that processes share count for each of them
 * @param cpuTime of all members and of the children they collected
 * @param cpuPercent since the measurement before; 100 is one core
 * @param sockets of the open files; one that processes share counts for each of them
 * @param zombies dead processes that a member did not collect; not among {@code processes}
 * @param at empty: nothing was measured
 * @param source who told
 */
public record Usage(
        long memoryBytes,
        Duration cpuTime,
        double cpuPercent,
        int processes,
        int threads,
        int openFiles,
        int sockets,
        int zombies,
        Optional<Instant> at,
        Source source) {
    public static final Usage NONE = new Usage(0, Duration.ZERO, 0, 0, 0, 0, 0, 0, Optional.empty(), Source.NONE);

    /** Where numbers come from, those that tell most first. */
    public enum Source {
        NONE,
        /** Linux: everything. */
        PROC,
        /** The program {@code ps} tells memory, the JDK the rest; not threads, open files, sockets and zombies. */
        PS,
        /** The JDK alone: processes and the time they used, no memory either. */
        JDK
    }

    public Usage {
        Objects.requireNonNull(cpuTime, "cpuTime");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(source, "source");
    }

    /** Of both together. */
    public Usage plus(Usage other) {
        return new Usage(
                sum(memoryBytes, other.memoryBytes),
                cpuTime.plus(other.cpuTime),
                cpuPercent < 0 || other.cpuPercent < 0 ? -1 : cpuPercent + other.cpuPercent,
                (int) sum(processes, other.processes),
                (int) sum(threads, other.threads),
                (int) sum(openFiles, other.openFiles),
                (int) sum(sockets, other.sockets),
                (int) sum(zombies, other.zombies),
                other.at.isPresent() ? other.at : at,
                other.source.compareTo(source) > 0 ? other.source : source);
    }

    /** Negative where the system does not tell. */
    public double of(Rule rule) {
        return switch (rule) {
            case MEMORY -> memoryBytes;
            case CPU -> cpuPercent;
            case PROCESSES -> processes;
            case OPEN_FILES -> openFiles;
            case ERROR_RATE, LATENCY, RESTARTS -> -1;
        };
    }

    /** What the source does not tell, by its outside name. */
    public List<String> unmeasured() {
        Map<String, Double> numbers = new LinkedHashMap<>();
        numbers.put("memoryBytes", (double) memoryBytes);
        numbers.put("openFiles", (double) openFiles);
        numbers.put("sockets", (double) sockets);
        numbers.put("threads", (double) threads);
        numbers.put("zombies", (double) zombies);
        return numbers.entrySet().stream()
                .filter(number -> number.getValue() < 0)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static long sum(long one, long other) {
        return one < 0 || other < 0 ? -1 : one + other;
    }
}

package org.mcpservermanager.server;

import java.time.Duration;
import java.util.Objects;

/**
 * When people are told that a server needs attention. A threshold of 0 is none; for memory and processor time, 0 leaves it to
 * {@link Limits}.
 *
 * @param memoryBytes of one copy
 * @param cpuPercent of one copy; 100 is one core
 * @param errorPercent of the requests that ended in the last minute
 * @param latency mean, of the requests that ended in the last minute
 * @param restarts that nobody asked for, in the last ten minutes
 */
public record AlertPolicy(long memoryBytes, int cpuPercent, int errorPercent, Duration latency, int restarts) {
    public static final AlertPolicy DEFAULT = new AlertPolicy(0, 0, 50, Duration.ZERO, 3);
    private static final double WARNING_SHARE = 0.8;

    public AlertPolicy {
        Objects.requireNonNull(latency, "latency");
        boolean negative = memoryBytes < 0 || cpuPercent < 0 || errorPercent < 0 || restarts < 0;
        if (negative || latency.isNegative() || errorPercent > 100) {
            throw new IllegalArgumentException("alerts: " + memoryBytes + " bytes, " + cpuPercent + " % cpu, "
                    + errorPercent + " % errors, latency " + latency + ", " + restarts
                    + " restarts (expected: 0 or more, errors at most 100)");
        }
    }

    /** The value above which an alert is raised; 0 for none. */
    public double threshold(Rule rule, Limits limits) {
        return switch (rule) {
            case MEMORY -> memoryBytes > 0 ? memoryBytes : ofLimit(rule, limits);
            case CPU -> cpuPercent > 0 ? cpuPercent : ofLimit(rule, limits);
            case PROCESSES, OPEN_FILES -> ofLimit(rule, limits);
            case ERROR_RATE -> errorPercent;
            case LATENCY -> latency.toNanos() / 1e6;
            case RESTARTS -> restarts;
        };
    }

    /** Where the limit ends the copy, or cannot be exceeded, the alert comes before it. */
    private static double ofLimit(Rule rule, Limits limits) {
        Limits.Limit limit = limits.of(rule);
        boolean held = limits.hard() && (rule == Rule.MEMORY || rule == Rule.OPEN_FILES);
        return limit.restarts() || held ? limit.max() * WARNING_SHARE : limit.max();
    }
}

package org.mcpservermanager.server;

import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * When and how fast an instance that ended comes back.
 *
 * @param mode which ends are followed by a restart
 * @param auto false: never restart by itself, whatever the mode says
 * @param delay first back-off step; doubles up to {@code delayMax}. 0: what fails for the first time comes back at once, and what
 *     fails again before it was stable waits as with {@link #DEFAULT}
 * @param attemptsMax failures in a row before PARKED
 * @param stableAfter continuous readiness that clears the count of failures
 * @param cleanExitCodes exits that TRANSIENT takes as wanted, besides those we asked for
 * @param overlap whether, when an operator has it replaced, the new copy is ready before the old one ends
 */
public record RestartPolicy(
        Mode mode,
        boolean auto,
        Duration delay,
        Duration delayMax,
        int attemptsMax,
        Duration stableAfter,
        Set<Integer> cleanExitCodes,
        boolean overlap) {
    public static final RestartPolicy DEFAULT = new RestartPolicy(
            Mode.TRANSIENT, true, Duration.ofSeconds(1), Duration.ofSeconds(60), 5, Duration.ofSeconds(60), Set.of());

    public enum Mode {
        PERMANENT,
        TRANSIENT,
        TEMPORARY
    }

    /** One copy after the other. */
    public RestartPolicy(
            Mode mode,
            boolean auto,
            Duration delay,
            Duration delayMax,
            int attemptsMax,
            Duration stableAfter,
            Set<Integer> cleanExitCodes) {
        this(mode, auto, delay, delayMax, attemptsMax, stableAfter, cleanExitCodes, false);
    }

    /** The same with copies that overlap, or do not. */
    public RestartPolicy overlapping(boolean another) {
        return new RestartPolicy(mode, auto, delay, delayMax, attemptsMax, stableAfter, cleanExitCodes, another);
    }

    /** The same with one more exit that TRANSIENT takes as wanted. */
    public RestartPolicy alsoClean(int code) {
        Set<Integer> codes = new HashSet<>(cleanExitCodes);
        codes.add(code);
        return new RestartPolicy(mode, auto, delay, delayMax, attemptsMax, stableAfter, codes, overlap);
    }

    public RestartPolicy {
        Objects.requireNonNull(mode, "mode");
        if (delay.isNegative()) {
            throw new IllegalArgumentException("restart delay: " + delay + " (expected: 0 or more)");
        }
        requirePositive(delayMax, "restart delay maximum");
        requirePositive(stableAfter, "stable after");
        if (attemptsMax < 0 || attemptsMax > 1_000_000) {
            throw new IllegalArgumentException("max_restart_attempts: " + attemptsMax + " (expected: 0 to 1000000)");
        }
        cleanExitCodes = Set.copyOf(cleanExitCodes);
    }

    private static void requirePositive(Duration duration, String what) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(what + ": " + duration + " (expected: more than 0)");
        }
    }
}

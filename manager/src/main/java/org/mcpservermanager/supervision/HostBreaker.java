package org.mcpservermanager.supervision;

import java.util.Optional;
import org.mcpservermanager.server.Problem;

/**
 * Whether this machine can start processes, as a pure function of what launches met. The first that meets a machine short of
 * something keeps all others back: after a while one may try, and when it fails as well the while doubles. Times are milliseconds
 * of a monotonic clock.
 *
 * @param problem what the machine is short of; empty while all is well
 * @param faults in a row
 * @param tryAt when the next launch may try; meaningful with a problem
 * @param trying one launch is under way to see whether it works again
 */
record HostBreaker(Optional<Problem> problem, int faults, long tryAt, boolean trying) {
    static final HostBreaker CLOSED = new HostBreaker(Optional.empty(), 0, 0, false);
    static final long WAIT_MILLIS = 5_000;
    static final long WAIT_MILLIS_MAX = 60_000;

    boolean isOpen() {
        return problem.isPresent();
    }

    /** Whether one more launch may be let through. */
    boolean lets(long nowMillis) {
        return !isOpen() || (!trying && nowMillis >= tryAt);
    }

    /** One was let through. */
    HostBreaker let() {
        return isOpen() ? new HostBreaker(problem, faults, tryAt, true) : this;
    }

    /** A launch met the fault; those that were under way together count once. */
    HostBreaker faulted(Problem fault, long nowMillis) {
        if (isOpen() && !trying) {
            return this;
        }
        long wait = Math.min(WAIT_MILLIS_MAX, WAIT_MILLIS << Math.min(faults, 10));
        return new HostBreaker(Optional.of(fault), faults + 1, nowMillis + wait, false);
    }

    /** The one that tried ended without an answer to the question. */
    HostBreaker gaveUp() {
        return isOpen() ? new HostBreaker(problem, faults, tryAt, false) : this;
    }
}

package org.mcpservermanager.gateway;

import java.time.Duration;

/** Where the reading of one list stands: at most one at a time, at most one per interval. Guarded by its owner. */
final class Refresh {
    private final long intervalNanos;
    private boolean running;
    private boolean again;
    private int failures;
    private long notBefore = System.nanoTime();

    Refresh(Duration interval) {
        this.intervalNanos = interval.toNanos();
    }

    boolean isRunning() {
        return running;
    }

    /** @return false when it runs already; it will run once more then */
    boolean begin() {
        if (running) {
            again = true;
            return false;
        }
        running = true;
        return true;
    }

    void begun() {
        notBefore = System.nanoTime() + intervalNanos;
    }

    void succeeded() {
        failures = 0;
    }

    int failed() {
        return ++failures;
    }

    /** Whether it was asked for again while it ran. */
    boolean isWantedAgain() {
        return again;
    }

    /** @param goesOn whether it is to be done again after {@link #delayNanos} */
    void ended(boolean goesOn) {
        again = false;
        running = goesOn;
    }

    /** Until it may be done; not positive: now. */
    long delayNanos() {
        return notBefore - System.nanoTime();
    }

    /** The same, when it failed. */
    long retryNanos() {
        return Math.max(intervalNanos << failures, delayNanos());
    }
}

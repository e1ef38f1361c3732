package org.mcpservermanager.transport;

import java.util.concurrent.locks.LockSupport;

/** So many per second, the rest is counted, and whoever writes on is read slowly. Used by one thread at a time. */
final class Allowance {
    private static final long SECOND = 1_000_000_000L;
    /** 1 MB per second. */
    private static final long NANOS_PER_REFUSED_BYTE = 1000;
    /** 32 MB per second. */
    private static final long NANOS_PER_SKIPPED_BYTE = 30;

    private final int perSecond;
    private long since = System.nanoTime();
    private int used;
    private long refused;
    private boolean exceeded;

    Allowance(int perSecond) {
        this.perSecond = perSecond;
    }

    boolean permit() {
        if (!isOpen()) {
            refused++;
            exceeded = true;
            return false;
        }
        used++;
        return true;
    }

    /** Whether one more is permitted. */
    boolean isOpen() {
        long now = System.nanoTime();
        if (now - since >= SECOND) {
            since = now;
            used = 0;
        }
        return used < perSecond;
    }

    /**
     * Waits when something was refused since the last call: the pipe fills, and who floods it waits in turn, instead of keeping one
     * processor busy with writing and another with reading.
     *
     * @param skipping what was read belongs to a line that is longer than allowed
     */
    void slowDown(int bytesRead, boolean skipping) {
        if (exceeded) {
            exceeded = false;
            LockSupport.parkNanos(bytesRead * NANOS_PER_REFUSED_BYTE);
        } else if (skipping) {
            LockSupport.parkNanos(bytesRead * NANOS_PER_SKIPPED_BYTE);
        }
    }

    /** How many were refused since the last call. */
    long takeRefused() {
        long taken = refused;
        refused = 0;
        return taken;
    }
}

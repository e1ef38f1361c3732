package org.mcpservermanager.transport;

import java.util.concurrent.locks.LockSupport;

/** So many and so much per second, the rest is counted, and whoever writes on is read slowly. Used by one thread at a time. */
final class Allowance {
    /** More than that in a second is refused, however few they are. */
    static final int BYTES_PER_SECOND = 1_000_000;

    private static final long SECOND = 1_000_000_000L;
    /** 1 MB per second. */
    private static final long NANOS_PER_REFUSED_BYTE = 1000;
    /** 32 MB per second. */
    private static final long NANOS_PER_SKIPPED_BYTE = 30;

    private final int perSecond;
    private long since = System.nanoTime();
    private int used;
    private long usedBytes;
    private long refused;
    private boolean exceeded;
    private long refusedBytes; // since they were waited for

    Allowance(int perSecond) {
        this.perSecond = perSecond;
    }

    /** For what is small. */
    boolean permit() {
        return permit(0);
    }

    boolean permit(int bytes) {
        if (!isOpen() || usedBytes + bytes > BYTES_PER_SECOND) {
            refused++;
            exceeded = true;
            refusedBytes += bytes;
            return false;
        }
        used++;
        usedBytes += bytes;
        return true;
    }

    /** Whether one more is permitted that is small. */
    boolean isOpen() {
        long now = System.nanoTime();
        if (now - since >= SECOND) {
            since = now;
            used = 0;
            usedBytes = 0;
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
            // a long line was read in several parts
            LockSupport.parkNanos(Math.max(bytesRead, refusedBytes) * NANOS_PER_REFUSED_BYTE);
            refusedBytes = 0;
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

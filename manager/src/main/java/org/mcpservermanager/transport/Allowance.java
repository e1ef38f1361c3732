package org.mcpservermanager.transport;

/** So many per second, the rest is counted. Used by one thread. */
final class Allowance {
    private static final long SECOND = 1_000_000_000L;

    private final int perSecond;
    private long since = System.nanoTime();
    private int used;
    private long refused;

    Allowance(int perSecond) {
        this.perSecond = perSecond;
    }

    boolean permit() {
        long now = System.nanoTime();
        if (now - since >= SECOND) {
            since = now;
            used = 0;
        }
        if (used < perSecond) {
            used++;
            return true;
        }
        refused++;
        return false;
    }

    /** How many were refused since the last call. */
    long takeRefused() {
        long taken = refused;
        refused = 0;
        return taken;
    }
}

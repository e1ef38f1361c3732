package org.mcpservermanager.supervision;

import org.mcpservermanager.process.Activity;

/**
 * What a copy that is starting has shown so far.
 *
 * @param lines on stderr, and on stdout beside MCP
 */
record StartProgress(long lines, Activity activity) {
    static final StartProgress NONE = new StartProgress(0, Activity.NONE);
    /** An idle virtual machine uses some CPU for its housekeeping; that is no progress. */
    private static final int IDLE_PERCENT = 1;

    private static final long IDLE_MILLIS = 20;
    private static final long IDLE_BYTES = 4096;

    boolean movedSince(StartProgress earlier, long windowMillis) {
        long cpuMillis = Math.abs(activity.cpuMillis() - earlier.activity.cpuMillis());
        long bytes = Math.abs(activity.bytes() - earlier.activity.bytes());
        return lines != earlier.lines
                || cpuMillis > Math.max(IDLE_MILLIS, windowMillis * IDLE_PERCENT / 100)
                || bytes > IDLE_BYTES;
    }
}

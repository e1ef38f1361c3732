package org.mcpservermanager.process;

/**
 * What the processes of a tree have done. It shrinks when one of them ends, so only that it changed means something.
 *
 * @param bytes read and written, through whatever
 */
public record Activity(long cpuMillis, long bytes) {
    public static final Activity NONE = new Activity(0, 0);

    Activity plus(Activity other) {
        return new Activity(cpuMillis + other.cpuMillis, bytes + other.bytes);
    }
}

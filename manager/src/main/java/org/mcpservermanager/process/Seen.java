package org.mcpservermanager.process;

/**
 * A process as the system showed it at one moment.
 *
 * @param start when it began, in the unit of {@link ProcessTable#now}; with the pid it names one process for ever
 * @param stopped whether a signal has halted it
 */
record Seen(long pid, long parent, long group, long start, boolean stopped) {
    boolean isSame(Seen other) {
        return pid == other.pid && start == other.start;
    }
}

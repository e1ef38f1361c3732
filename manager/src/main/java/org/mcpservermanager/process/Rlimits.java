package org.mcpservermanager.process;

import org.mcpservermanager.server.Limits;

/**
 * What the system itself holds each process of a launch to (setrlimit(2)); 0: what the manager itself is held to.
 *
 * @param dataBytes memory a process may ask for itself; mapped files and shared memory are not counted
 */
public record Rlimits(long openFiles, long dataBytes) {
    public static final Rlimits NONE = new Rlimits(0, 0);

    public static Rlimits of(Limits limits) {
        return limits.hard()
                ? new Rlimits(limits.openFiles().max(), limits.memory().max())
                : NONE;
    }
}

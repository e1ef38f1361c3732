package org.mcpservermanager.server;

import java.util.Objects;

/**
 * What one copy of a server, with all processes of its tree, may use.
 *
 * @param memory resident bytes
 * @param cpu percent of one core
 * @param hard true: the system itself holds every process to memory (its data) and open files, where it can
 */
public record Limits(Limit memory, Limit cpu, Limit processes, Limit openFiles, boolean hard) {
    public static final long MEMORY_DEFAULT = 500_000_000;
    public static final int PROCESSES_DEFAULT = 1000;
    /** A guess about memory must not end a server; a thousand processes are a mistake of the server that harms all others. */
    public static final Limits DEFAULT = new Limits(
            new Limit(MEMORY_DEFAULT, Action.ALERT),
            Limit.NONE,
            new Limit(PROCESSES_DEFAULT, Action.RESTART),
            Limit.NONE,
            false);

    /** What happens when a limit is exceeded: people are told, or people are told and the copy is replaced. */
    public enum Action {
        ALERT,
        RESTART
    }

    /** @param max 0: no limit */
    public record Limit(long max, Action action) {
        public static final Limit NONE = new Limit(0, Action.ALERT);

        public Limit {
            Objects.requireNonNull(action, "action");
            if (max < 0) {
                throw new IllegalArgumentException("limit: " + max + " (expected: 0 for none, or more)");
            }
            action = max == 0 ? Action.ALERT : action;
        }

        public boolean isSet() {
            return max > 0;
        }

        public boolean restarts() {
            return isSet() && action == Action.RESTART;
        }
    }

    public Limits {
        Objects.requireNonNull(memory, "memory");
        Objects.requireNonNull(cpu, "cpu");
        Objects.requireNonNull(processes, "processes");
        Objects.requireNonNull(openFiles, "openFiles");
    }

    /** Whether the system holds a process to the same. */
    boolean holdsAs(Limits other) {
        boolean same = memory.max() == other.memory.max() && openFiles.max() == other.openFiles.max();
        return hard == other.hard && (!hard || same);
    }

    public Limit of(Rule rule) {
        return switch (rule) {
            case MEMORY -> memory;
            case CPU -> cpu;
            case PROCESSES -> processes;
            case OPEN_FILES -> openFiles;
            case ERROR_RATE, LATENCY, RESTARTS -> Limit.NONE;
        };
    }
}

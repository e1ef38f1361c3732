package org.mcpservermanager.server;

/** Where an instance is in its life. */
public enum Phase {
    DISABLED,
    STOPPED,
    STARTING,
    RUNNING,
    STOPPING,
    BACKOFF,
    PARKED,
    FATAL,
    EXITED,
    RECOVERING;

    /** The four words of older managers: stopped, starting, running, error. */
    public String status() {
        return switch (this) {
            case DISABLED, STOPPED, EXITED -> "stopped";
            case STARTING, RECOVERING, BACKOFF -> "starting";
            case RUNNING, STOPPING -> "running";
            case PARKED, FATAL -> "error";
        };
    }
}

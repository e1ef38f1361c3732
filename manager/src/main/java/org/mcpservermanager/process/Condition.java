package org.mcpservermanager.process;

/** What the system says of the leader of a tree. */
public enum Condition {
    ALIVE,
    /** Halted by a signal or a debugger. */
    STOPPED,
    /** Ended, or a zombie. */
    GONE
}

package org.mcpservermanager.server;

/** Who may share a running copy of a server. */
public enum Isolation {
    /** Clients that cannot be asked anything share one copy; a client session that can be asked gets its own. */
    AUTO,
    /** One copy for everybody; a question of the server reaches a client only when it is certain whose call it belongs to. */
    SHARED,
    /** Every client session gets its own copy. */
    SESSION
}

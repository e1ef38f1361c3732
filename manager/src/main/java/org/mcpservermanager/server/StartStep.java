package org.mcpservermanager.server;

/** What a STARTING instance is doing; NONE in every other phase. */
public enum StartStep {
    NONE,
    QUEUED,
    VALIDATING,
    PORT,
    SPAWNING,
    INSTALLING,
    HANDSHAKE
}

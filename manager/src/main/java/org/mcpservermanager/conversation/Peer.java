package org.mcpservermanager.conversation;

import java.util.Objects;

/**
 * What a server said of itself in its InitializeResult; raw JSON text, empty for absent.
 *
 * @param initializeResult the whole result, byte for byte
 */
public record Peer(
        String protocolVersion,
        String capabilities,
        String serverInfo,
        String instructions,
        String initializeResult,
        String name,
        String version) {
    public Peer {
        Objects.requireNonNull(protocolVersion, "protocolVersion");
        Objects.requireNonNull(initializeResult, "initializeResult");
    }
}

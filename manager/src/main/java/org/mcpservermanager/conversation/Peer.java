package org.mcpservermanager.conversation;

import java.util.Objects;
import org.mcpservermanager.protocol.Era;

/**
 * What a server said of itself when the conversation opened; raw JSON text, empty for absent.
 *
 * @param initializeResult of a legacy server the whole result, byte for byte; of a modern one what a legacy client is told
 * @param discoverResult of a modern server the whole DiscoverResult, byte for byte; empty for a legacy one
 */
public record Peer(
        String protocolVersion,
        String capabilities,
        String serverInfo,
        String instructions,
        String initializeResult,
        String discoverResult,
        String name,
        String version) {
    public Peer {
        Objects.requireNonNull(protocolVersion, "protocolVersion");
        Objects.requireNonNull(initializeResult, "initializeResult");
        Objects.requireNonNull(discoverResult, "discoverResult");
    }

    public Era era() {
        return Era.of(protocolVersion);
    }
}

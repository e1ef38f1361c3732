package org.mcpservermanager.conversation;

import java.util.Objects;
import org.mcpservermanager.protocol.Era;

/**
 * What a client said of itself, at initialize or (modern) in the {@code _meta} of its request; raw JSON text, passed on byte for byte.
 *
 * @param interactive true when it can be asked: it declared elicitation, sampling or roots
 */
public record Profile(String protocolVersion, String capabilities, String clientInfo, boolean interactive) {
    public Profile {
        Objects.requireNonNull(protocolVersion, "protocolVersion");
        Objects.requireNonNull(capabilities, "capabilities");
        Objects.requireNonNull(clientInfo, "clientInfo");
    }

    public Era era() {
        return Era.of(protocolVersion);
    }
}

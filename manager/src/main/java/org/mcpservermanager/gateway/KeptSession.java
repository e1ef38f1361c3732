package org.mcpservermanager.gateway;

import java.time.Instant;
import java.util.Objects;

/**
 * A client session as it is kept for the next manager.
 *
 * @param key the digest of its id: what is kept opens no session
 * @param state what is needed to go on, see {@link SessionState}
 */
public record KeptSession(String key, String state, Instant usedAt) {
    public KeptSession {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(usedAt, "usedAt");
    }
}

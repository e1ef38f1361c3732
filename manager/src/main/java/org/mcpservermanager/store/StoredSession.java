package org.mcpservermanager.store;

import java.time.Instant;

/**
 * A client session that the next manager goes on with.
 *
 * @param key the digest of the session's id; the id itself is nowhere in the database
 */
public record StoredSession(String key, String state, Instant usedAt) {
    static final int KEY_LENGTH_MAX = 64;

    public StoredSession {
        if (key.length() > KEY_LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "session key of " + key.length() + " characters (expected: at most " + KEY_LENGTH_MAX + ")");
        }
    }
}

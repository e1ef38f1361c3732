package org.mcpservermanager.process;

import java.util.Objects;

/**
 * What the next manager must know of a process that shall outlive this one, to take it over.
 *
 * @param port where it listens; 0: it ends with the manager
 * @param digest of what it was launched by; nobody takes over what was launched by something else
 */
public record Survival(int port, String digest) {
    public static final Survival NONE = new Survival(0, "");

    public Survival {
        Objects.requireNonNull(digest, "digest");
    }

    public boolean isWanted() {
        return port > 0;
    }
}

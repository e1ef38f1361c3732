package org.mcpservermanager.server;

import java.util.List;
import java.util.Objects;

/**
 * Which MCP the operator says a server speaks.
 *
 * @param version the one revision to speak with it; empty: what the two agree on
 */
public record Spoken(Choice era, String version) {
    /** The revisions that open with {@code initialize}, oldest first, then the stateless one. */
    public static final List<String> VERSIONS =
            List.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28");

    public static final Spoken AUTO = new Spoken(Choice.AUTO, "");
    private static final String MODERN_VERSION = "2026-07-28";

    /** How to find out. */
    public enum Choice {
        /** Ask it, and remember. */
        AUTO,
        /** It opens with {@code initialize}: 2025-11-25 and before. */
        LEGACY,
        /** It is stateless: 2026-07-28. */
        MODERN
    }

    public Spoken {
        Objects.requireNonNull(era, "era");
        Objects.requireNonNull(version, "version");
        if (!version.isEmpty()) {
            Choice said = version.equals(MODERN_VERSION) ? Choice.MODERN : Choice.LEGACY;
            if (!VERSIONS.contains(version) || (era != Choice.AUTO && era != said)) {
                throw new IllegalArgumentException("protocol version \"" + version + "\" with era " + era
                        + " (expected: one of " + VERSIONS + ", of that era)");
            }
            era = said;
        }
    }
}

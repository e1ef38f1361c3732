package org.mcpservermanager.gateway;

import org.mcpservermanager.protocol.Revision;

/** Which revision a client is answered in. */
final class Revisions {
    static final String BATCHING = Revision.R2025_03_26.version();
    static final String LATEST_LEGACY = Revision.LATEST.version();
    private static final String MODERN = "2026-07-28";

    private Revisions() {}

    /** Revisions are dates, so that a later one is greater. */
    static boolean isModern(String version) {
        return version.length() == MODERN.length()
                && Character.isDigit(version.charAt(0))
                && version.compareTo(MODERN) >= 0;
    }

    /** The client's own wherever we know it: the revisions differ by additions, and no client leaves for its own version. */
    static String answerTo(String requested) {
        return Revision.isKnown(requested) ? requested : LATEST_LEGACY;
    }
}

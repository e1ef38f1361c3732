package org.mcpservermanager.gateway;

import java.util.List;

/** The protocol revisions that the gateway speaks to clients. */
final class Revisions {
    static final String BATCHING = "2025-03-26";
    static final String LATEST_LEGACY = "2025-11-25";
    static final String MODERN = "2026-07-28";

    /** 2024-11-05 knows no Streamable HTTP, but clients exist that ask for it there. */
    static final List<String> LEGACY = List.of("2024-11-05", BATCHING, "2025-06-18", LATEST_LEGACY);

    private Revisions() {}

    static boolean isLegacy(String version) {
        return LEGACY.contains(version);
    }

    /** Revisions are dates, so that a later one is greater. */
    static boolean isModern(String version) {
        return version.length() == MODERN.length()
                && Character.isDigit(version.charAt(0))
                && version.compareTo(MODERN) >= 0;
    }

    /** The client's own wherever we know it: the revisions differ by additions, and no client leaves for its own version. */
    static String answerTo(String requested) {
        return isLegacy(requested) ? requested : LATEST_LEGACY;
    }
}

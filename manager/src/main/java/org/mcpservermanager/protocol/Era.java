package org.mcpservermanager.protocol;

/** The two ways of MCP that do not understand each other; every message belongs to one of them. */
public enum Era {
    /** Up to 2025-11-25: opens with {@code initialize}, has sessions, servers send requests. */
    LEGACY,
    /** From 2026-07-28 on: stateless, every request says who asks in {@code _meta}, servers answer {@code input_required}. */
    MODERN;

    /** The one revision of {@link #MODERN} that we speak. */
    public static final String MODERN_VERSION = "2026-07-28";

    /** Revisions are dates, so that a later one is greater; what is no date is legacy. */
    public static Era of(String version) {
        boolean isDate = version.length() == MODERN_VERSION.length() && Character.isDigit(version.charAt(0));
        return isDate && version.compareTo(MODERN_VERSION) >= 0 ? MODERN : LEGACY;
    }
}

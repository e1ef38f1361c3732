package org.mcpservermanager.conformance;

import java.util.Locale;

/** A client's era, a server's era, and how the manager reaches that server. */
enum Cell {
    LEGACY_LEGACY_STDIO(Today.PASSES),
    MODERN_LEGACY_STDIO(Today.PASSES),
    LEGACY_MODERN_STDIO(Today.PASSES),
    MODERN_MODERN_STDIO(Today.PASSES),
    LEGACY_LEGACY_HTTP(Today.PASSES),
    MODERN_LEGACY_HTTP(Today.PASSES),
    LEGACY_MODERN_HTTP(Today.PASSES),
    MODERN_MODERN_HTTP(Today.PASSES);

    private final Today today;

    Cell(Today today) {
        this.today = today;
    }

    /** As cells.mjs calls it. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Today today() {
        return today;
    }
}

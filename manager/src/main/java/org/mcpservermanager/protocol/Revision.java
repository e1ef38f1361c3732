package org.mcpservermanager.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The revisions of MCP that open with {@code initialize}, oldest first. */
public enum Revision {
    R2024_11_05("2024-11-05"),
    R2025_03_26("2025-03-26"),
    R2025_06_18("2025-06-18"),
    R2025_11_25("2025-11-25");

    public static final Revision LATEST = R2025_11_25;

    private final String version;

    Revision(String version) {
        this.version = version;
    }

    /** As the protocol writes it. */
    public String version() {
        return version;
    }

    public boolean isAtLeast(Revision other) {
        return compareTo(other) >= 0;
    }

    /** Empty for a version that is not one of ours. */
    public static Optional<Revision> of(String version) {
        return Arrays.stream(values()).filter(r -> r.version.equals(version)).findFirst();
    }

    public static boolean isKnown(String version) {
        return of(version).isPresent();
    }

    /** All of them as the protocol writes them, oldest first. */
    public static List<String> versions() {
        return Arrays.stream(values()).map(Revision::version).toList();
    }
}

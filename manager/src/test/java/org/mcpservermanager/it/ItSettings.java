package org.mcpservermanager.it;

/** What the build tells the integration tests. */
final class ItSettings {
    private ItSettings() {}

    static String required(String name) {
        String value = System.getProperty(name);
        if (value == null || value.isBlank()) {
            throw new IllegalStateException(
                    "system property " + name + " is missing (expected: set by failsafe; run ./mvnw verify)");
        }
        return value;
    }
}

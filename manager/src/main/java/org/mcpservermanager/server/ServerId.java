package org.mcpservermanager.server;

import java.util.Objects;
import java.util.regex.Pattern;

/** The name of a server in every surface: 1 to 63 characters of {@code [a-z0-9-]}, the first not a hyphen. */
public record ServerId(String value) implements Comparable<ServerId> {
    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    public ServerId {
        Objects.requireNonNull(value, "server id");
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("server id: \"" + Text.oneLine(value, 80)
                    + "\" (expected: 1 to 63 characters of a-z, 0-9 and '-', not starting with '-')");
        }
    }

    public static boolean isValid(String value) {
        return FORM.matcher(value).matches();
    }

    @Override
    public int compareTo(ServerId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}

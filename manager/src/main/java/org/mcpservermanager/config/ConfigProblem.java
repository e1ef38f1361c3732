package org.mcpservermanager.config;

import java.util.Objects;
import org.mcpservermanager.server.Problem;

/**
 * Something wrong with a configuration.
 *
 * @param file as it was given, or "api"
 * @param key path of the key, e.g. {@code mcpServers.github.env.TOKEN}; empty when the file as a whole is meant
 * @param problem says file, key, value (never a secret), what was expected, and the remedy
 */
public record ConfigProblem(Severity severity, String file, String key, Problem problem) {
    public static final String UNKNOWN_KEY = "unknown_key";
    public static final String NO_EFFECT = "no_effect";
    public static final String MISSING_VARIABLE = "missing_variable";
    public static final String SECRET_IN_ARGUMENTS = "secret_in_arguments";
    public static final String CONFIGURATION_NOT_FOUND = "configuration_not_found";
    public static final String CONFIGURATION_NOT_READABLE = "configuration_not_readable";

    /** What follows from a problem. */
    public enum Severity {
        /** The entry (or the file) is left out. */
        ERROR,
        /** The entry is taken. */
        WARNING
    }

    public ConfigProblem {
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(problem, "problem");
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    @Override
    public String toString() {
        return severity.name().toLowerCase(java.util.Locale.ROOT) + " " + problem;
    }
}

package org.mcpservermanager.gateway;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How much a client wants to be told (server/utilities/logging), most first. */
enum LogLevel {
    UNSET,
    DEBUG,
    INFO,
    NOTICE,
    WARNING,
    ERROR,
    CRITICAL,
    ALERT,
    EMERGENCY;

    static Optional<LogLevel> named(String word) {
        return Arrays.stream(values())
                .filter(level -> level != UNSET && level.word().equals(word))
                .findFirst();
    }

    static String names() {
        return Arrays.stream(values())
                .filter(level -> level != UNSET)
                .map(LogLevel::word)
                .collect(Collectors.joining(", "));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a message of this level is told; one of an unknown level always is. */
    boolean admits(String word) {
        return named(word).map(level -> level.compareTo(this) >= 0).orElse(true);
    }
}

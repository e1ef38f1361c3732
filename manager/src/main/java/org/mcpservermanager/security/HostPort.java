package org.mcpservermanager.security;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The value of a {@code Host} header; {@code port} is -1 when it has none. An IPv6 literal keeps its brackets. */
record HostPort(String host, int port) {
    private static final Pattern FORM = Pattern.compile("(\\[[0-9a-f:.]{2,45}]|[a-z0-9_.-]{1,253})(?::([0-9]{1,5}))?");

    static Optional<HostPort> parse(String text) {
        Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int port = matcher.group(2) == null ? -1 : Integer.parseInt(matcher.group(2));
        return port > 65_535 ? Optional.empty() : Optional.of(new HostPort(matcher.group(1), port));
    }

    int portOr(int other) {
        return port < 0 ? other : port;
    }
}

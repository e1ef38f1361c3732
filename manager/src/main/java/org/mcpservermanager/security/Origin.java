package org.mcpservermanager.security;

import java.util.Locale;
import java.util.Optional;

/** The origin of a web page. */
record Origin(String text, String scheme, HostPort at) {
    /** Empty for {@code null}, for other schemes and for anything with user info, path or query. */
    static Optional<Origin> parse(String header) {
        String text = header.toLowerCase(Locale.ROOT);
        int separator = text.indexOf("://");
        if (separator < 0) {
            return Optional.empty();
        }
        String scheme = text.substring(0, separator);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return Optional.empty();
        }
        return HostPort.parse(text.substring(separator + 3)).map(at -> new Origin(text, scheme, at));
    }

    int defaultPort() {
        return scheme.equals("https") ? 443 : 80;
    }
}

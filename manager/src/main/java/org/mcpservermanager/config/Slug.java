package org.mcpservermanager.config;

import java.util.Locale;
import java.util.Optional;
import org.mcpservermanager.server.ServerId;

/**
 * Makes an id of a name: lower case, every run of other characters than a-z and 0-9 becomes one '-', none at the ends, cut to
 * 63. The same name always gives the same id, whatever else is in the file; two names that give the same id are a problem, not
 * a suffix, because approvals and history hang on the id.
 */
final class Slug {
    private static final int LENGTH_MAX = 63;

    private Slug() {}

    /** Empty when the name has neither a letter nor a digit. */
    static Optional<ServerId> of(String name) {
        if (ServerId.isValid(name)) {
            return Optional.of(new ServerId(name));
        }
        String slug = trimmed(name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"));
        String cut = slug.length() > LENGTH_MAX ? trimmed(slug.substring(0, LENGTH_MAX)) : slug;
        return ServerId.isValid(cut) ? Optional.of(new ServerId(cut)) : Optional.empty();
    }

    private static String trimmed(String slug) {
        int from = slug.startsWith("-") ? 1 : 0;
        int to = slug.endsWith("-") ? slug.length() - 1 : slug.length();
        return from < to ? slug.substring(from, to) : "";
    }
}

package org.mcpservermanager.manage.push;

import jakarta.json.JsonObject;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Text;

/**
 * Which events a client wants.
 *
 * @param servers ids; empty: of all servers
 * @param types names of types, e.g. {@code server:error}; empty: all
 */
record Subscription(Set<String> servers, Set<String> types) {
    private static final int CHOICES_MAX = 200;

    /** Both texts are lists separated by commas; null or empty: no choice. */
    static Subscription parse(String servers, String types) {
        Set<String> ids = list("server", servers);
        ids.stream().filter(id -> !ServerId.isValid(id)).findFirst().ifPresent(id -> {
            throw invalid("server: \"" + Text.oneLine(id, 80) + "\" (expected: ids of servers)");
        });
        return new Subscription(ids, list("types", types));
    }

    boolean wants(JsonObject event) {
        return (servers.isEmpty() || servers.contains(event.getString("serverId")))
                && (types.isEmpty() || types.contains(event.getString("type")));
    }

    private static Set<String> list(String name, String text) {
        if (text == null || text.isBlank()) {
            return Set.of();
        }
        Set<String> chosen = Arrays.stream(text.toLowerCase(Locale.ROOT).split(",", CHOICES_MAX + 1))
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
        if (chosen.size() > CHOICES_MAX) {
            throw invalid(name + ": too many choices (expected: at most " + CHOICES_MAX + ")");
        }
        return chosen;
    }

    private static ProblemException invalid(String message) {
        return new ProblemException(new Problem(Problem.INVALID_REQUEST, message, "Correct the query parameter."));
    }
}

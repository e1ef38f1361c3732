package org.mcpservermanager.supervision;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.mcpservermanager.server.Limits;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.Rule;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Usage;

/** Holds one copy to the limits whose action is to replace it. Confined to its owner. */
final class LimitWatch {
    static final int OVER_AFTER = 3;
    private final Map<Rule, Hysteresis> states = new EnumMap<>(Rule.class);

    /** The first limit that has just been exceeded for good. */
    Optional<Problem> take(ServerId server, Usage usage, Limits limits) {
        Optional<Problem> exceeded = Optional.empty();
        for (Rule rule : Rule.values()) {
            Limits.Limit limit = limits.of(rule);
            Hysteresis before = states.getOrDefault(rule, Hysteresis.UNDER);
            Hysteresis after =
                    limit.restarts() ? before.next(usage.of(rule), (double) limit.max(), OVER_AFTER) : before;
            states.put(rule, after);
            if (after.over() && !before.over() && exceeded.isEmpty()) {
                exceeded = Optional.of(problem(server, rule, usage, limit));
            }
        }
        return exceeded;
    }

    /** Whether the next look should come soon. */
    static boolean isTense(Usage usage, Limits limits) {
        for (Rule rule : Rule.values()) {
            Limits.Limit limit = limits.of(rule);
            if (limit.restarts() && usage.of(rule) > (double) limit.max()) {
                return true;
            }
        }
        return false;
    }

    private static Problem problem(ServerId server, Rule rule, Usage usage, Limits.Limit limit) {
        String message = "server \"" + server + "\" uses " + amount(rule, usage.of(rule)) + of(rule) + " (limit: "
                + amount(rule, (double) limit.max()) + "), measured " + OVER_AFTER + " times; processes of its tree: "
                + usage.processes();
        return new Problem(
                Problem.LIMIT_EXCEEDED,
                message,
                "Raise limits." + key(rule) + " of the server, set its action to \"alert\", or correct the server.");
    }

    private static String key(Rule rule) {
        return switch (rule) {
            case MEMORY -> "memory_mb";
            case CPU -> "cpu_percent";
            default -> rule.name().toLowerCase(java.util.Locale.ROOT);
        };
    }

    static String amount(Rule rule, double value) {
        return switch (rule) {
            case MEMORY -> rounded(value / 1e6) + " MB";
            case CPU, ERROR_RATE -> rounded(value) + " %";
            case LATENCY -> rounded(value) + " ms";
            case PROCESSES, OPEN_FILES, RESTARTS -> rounded(value);
        };
    }

    private static String of(Rule rule) {
        return switch (rule) {
            case MEMORY -> " of memory";
            case CPU -> " of a core";
            default -> " " + words(rule);
        };
    }

    static String words(Rule rule) {
        return rule.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }

    private static String rounded(double value) {
        return BigDecimal.valueOf(value)
                .setScale(1, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }
}

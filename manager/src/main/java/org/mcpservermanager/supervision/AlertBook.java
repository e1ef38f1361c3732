package org.mcpservermanager.supervision;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.Rule;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Usage;

/** Which alerts of one server are raised. Confined to its owner. */
final class AlertBook {
    private static final long MINUTE = 60_000;
    private static final int REQUESTS_MIN = 5;
    private final Map<Rule, Hysteresis> states = new EnumMap<>(Rule.class);
    private final Window minute = new Window(MINUTE);
    private final Window tenMinutes = new Window(10 * MINUTE);

    /**
     * What changed with a new measurement.
     *
     * @param spec as it is now
     * @param copies what each copy uses
     */
    List<Event.Alert> take(
            ServerSpec spec, Collection<Usage> copies, Window.Totals totals, long nowMillis, Instant at) {
        Window.Totals lately = minute.grown(nowMillis, totals);
        long restarts = tenMinutes.grown(nowMillis, totals).restarts();
        List<Event.Alert> changes = new ArrayList<>();
        for (Rule rule : Rule.values()) {
            double value =
                    switch (rule) {
                        case MEMORY, CPU, PROCESSES, OPEN_FILES -> largest(rule, copies);
                        case ERROR_RATE -> lately.ended() < REQUESTS_MIN ? 0 : lately.errors() * 100.0 / lately.ended();
                        case LATENCY -> lately.ended() == 0 ? 0 : lately.nanos() / 1e6 / lately.ended();
                        case RESTARTS -> restarts;
                    };
            double threshold = spec.alerts().threshold(rule, spec.limits());
            Hysteresis before = states.getOrDefault(rule, Hysteresis.UNDER);
            Hysteresis after = before.next(value, threshold, overAfter(rule));
            states.put(rule, after);
            if (after.over() != before.over()) {
                changes.add(alert(spec.id(), new Event.Crossing(rule, value, threshold), !after.over(), at));
            }
        }
        return changes;
    }

    private static Event.Alert alert(ServerId server, Event.Crossing crossing, boolean over, Instant at) {
        Rule rule = crossing.rule();
        String message = "server \"" + server + "\": " + LimitWatch.words(rule) + (over ? " is back: " : ": ")
                + LimitWatch.amount(rule, crossing.value()) + " (threshold: "
                + LimitWatch.amount(rule, crossing.threshold()) + ")";
        String remedy =
                "Look at the server, or change its alerts (or its limits, where the threshold comes from them).";
        return new Event.Alert(
                server, new Problem(Problem.THRESHOLD_CROSSED, message, remedy), over, Optional.of(crossing), at);
    }

    /** Rates and counts of a span are smooth already. */
    private static int overAfter(Rule rule) {
        return switch (rule) {
            case MEMORY, CPU, PROCESSES, OPEN_FILES -> LimitWatch.OVER_AFTER;
            case ERROR_RATE, LATENCY, RESTARTS -> 1;
        };
    }

    /** Limits are for each copy. What the system does not tell counts as nothing. */
    private static double largest(Rule rule, Collection<Usage> copies) {
        return copies.stream().mapToDouble(usage -> usage.of(rule)).max().orElse(0);
    }
}

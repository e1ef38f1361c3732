package org.mcpservermanager.manage;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;
import java.util.List;
import org.mcpservermanager.server.AlertPolicy;
import org.mcpservermanager.server.Json;
import org.mcpservermanager.server.Limits;
import org.mcpservermanager.server.Rule;
import org.mcpservermanager.server.Usage;

/** What a server uses, may use, and when people are told; what is not limited or not told has no member. */
final class ResourceJson {
    private static final List<Rule> MEASURED = List.of(Rule.MEMORY, Rule.CPU, Rule.PROCESSES, Rule.OPEN_FILES);

    private ResourceJson() {}

    static String name(Rule rule) {
        return switch (rule) {
            case MEMORY -> "memoryBytes";
            case CPU -> "cpuPercent";
            case PROCESSES -> "processes";
            case OPEN_FILES -> "openFiles";
            case ERROR_RATE -> "errorPercent";
            case LATENCY -> "latencyMs";
            case RESTARTS -> "restarts";
        };
    }

    /** What the system does not tell has no member. */
    static JsonObject usage(Usage usage, Instant at) {
        JsonObjectBuilder json = Json.createObjectBuilder();
        for (Rule rule : MEASURED) {
            if (usage.of(rule) >= 0) {
                json.add(name(rule), ServerJson.number(usage.of(rule)));
            }
        }
        if (usage.sockets() >= 0) {
            json.add("sockets", usage.sockets());
        }
        if (usage.threads() >= 0) {
            json.add("threads", usage.threads());
        }
        if (usage.zombies() >= 0) {
            json.add("zombies", usage.zombies());
        }
        return json.add("cpuTimeMs", usage.cpuTime().toMillis())
                .add("at", at.toString())
                .add("source", ServerJson.word(usage.source()))
                .add("unmeasured", Json.createArrayBuilder(usage.unmeasured()))
                .build();
    }

    static JsonObject limits(Limits limits) {
        JsonObjectBuilder json = Json.createObjectBuilder();
        for (Rule rule : MEASURED) {
            Limits.Limit limit = limits.of(rule);
            if (limit.isSet()) {
                json.add(
                        name(rule),
                        Json.createObjectBuilder()
                                .add("max", limit.max())
                                .add("action", ServerJson.word(limit.action())));
            }
        }
        return json.add("hard", limits.hard()).build();
    }

    static JsonObject alerts(AlertPolicy alerts, Limits limits) {
        JsonObjectBuilder json = Json.createObjectBuilder();
        for (Rule rule : Rule.values()) {
            double threshold = alerts.threshold(rule, limits);
            if (threshold > 0) {
                json.add(name(rule), ServerJson.number(threshold));
            }
        }
        return json.build();
    }
}

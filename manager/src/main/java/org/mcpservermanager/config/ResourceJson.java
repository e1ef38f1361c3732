package org.mcpservermanager.config;

import jakarta.json.JsonObjectBuilder;
import java.util.Locale;
import org.mcpservermanager.server.AlertPolicy;
import org.mcpservermanager.server.Json;
import org.mcpservermanager.server.Limits;
import org.mcpservermanager.server.Limits.Limit;

/** Limits and alerts in the keys of a configuration file, every value written out. */
final class ResourceJson {
    private ResourceJson() {}

    static JsonObjectBuilder limits(Limits limits) {
        return Json.createObjectBuilder()
                .add("memory_mb", Sizes.megabytes(limits.memory().max()))
                .add("memory_action", action(limits.memory()))
                .add("cpu_percent", limits.cpu().max())
                .add("cpu_action", action(limits.cpu()))
                .add("processes", limits.processes().max())
                .add("processes_action", action(limits.processes()))
                .add("open_files", limits.openFiles().max())
                .add("open_files_action", action(limits.openFiles()))
                .add("hard", limits.hard());
    }

    static JsonObjectBuilder alerts(AlertPolicy alerts) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("memory_mb", Sizes.megabytes(alerts.memoryBytes()))
                .add("cpu_percent", alerts.cpuPercent())
                .add("error_percent", alerts.errorPercent())
                .add("restarts", alerts.restarts());
        return alerts.latency().isZero() ? json : json.add("latency", Durations.seconds(alerts.latency()));
    }

    private static String action(Limit limit) {
        return limit.action().name().toLowerCase(Locale.ROOT);
    }
}

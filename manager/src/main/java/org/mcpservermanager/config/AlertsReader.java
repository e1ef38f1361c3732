package org.mcpservermanager.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.mcpservermanager.server.AlertPolicy;

/** Reads when people are told about a server: the object {@code alerts} of an entry. */
final class AlertsReader {
    private static final Map<String, String> SHORT_NAMES = Map.of(
            "memory_mb", Key.ALERT_MEMORY.text(),
            "memory", Key.ALERT_MEMORY.text(),
            "cpu_percent", Key.ALERT_CPU.text(),
            "cpu", Key.ALERT_CPU.text(),
            "error_percent", Key.ALERT_ERRORS.text(),
            "error_rate", Key.ALERT_ERRORS.text(),
            "latency", Key.ALERT_LATENCY.text(),
            "latency_ms", "alert_latency_ms",
            "restarts", Key.ALERT_RESTARTS.text());

    private AlertsReader() {}

    static AlertPolicy read(Fields entry) {
        Optional<Fields> inner = LimitsReader.within(entry, Key.ALERTS, SHORT_NAMES);
        AlertPolicy policy = inner.map(AlertsReader::of).orElse(AlertPolicy.DEFAULT);
        inner.ifPresent(Fields::warnOfTheRest);
        return policy;
    }

    private static AlertPolicy of(Fields fields) {
        AlertPolicy standard = AlertPolicy.DEFAULT;
        return new AlertPolicy(
                fields.bytes(Key.ALERT_MEMORY).orElse(standard.memoryBytes()),
                fields.integer(Key.ALERT_CPU, 0, 1_000_000).orElse(standard.cpuPercent()),
                fields.integer(Key.ALERT_ERRORS, 0, 100).orElse(standard.errorPercent()),
                fields.duration(Key.ALERT_LATENCY, Duration.ofDays(1), 1).orElse(standard.latency()),
                fields.integer(Key.ALERT_RESTARTS, 0, 1_000_000).orElse(standard.restarts()));
    }
}

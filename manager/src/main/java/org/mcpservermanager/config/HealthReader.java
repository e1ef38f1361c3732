package org.mcpservermanager.config;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.mcpservermanager.server.HealthPolicy;
import org.mcpservermanager.server.Json;
import org.mcpservermanager.server.Wire;

/** Reads how a server is checked: keys of the entry, or short ones in its object {@code health}, which go first. */
final class HealthReader {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Map<String, String> SHORT_NAMES = Map.of(
            "enabled", Key.HEALTH_ENABLED.text(),
            "kind", Key.HEALTH_KIND.text(),
            "path", Key.HEALTH_PATH.text(),
            "bean", Key.HEALTH_BEAN.text(),
            "interval", Key.HEALTH_INTERVAL.text(),
            "recovery_interval", Key.HEALTH_RECOVERY_INTERVAL.text(),
            "timeout", Key.HEALTH_TIMEOUT.text(),
            "retries", Key.FAILURE_THRESHOLD.text());
    private static final List<String> KINDS = List.of("mcp", "network", "http", "custom");
    private static final String A_REQUEST =
            "a JSON-RPC request: {\"method\": ..., \"params\": {...}}, or that as a string";
    private final Fields entry;
    private final Optional<Fields> inner;
    private final Optional<Boolean> whole;

    HealthReader(Fields entry) {
        this.entry = entry;
        Optional<Fields.Found> found = entry.find(Key.HEALTH);
        boolean isObject = found.filter(f -> f.value() instanceof JsonObject).isPresent();
        this.inner = isObject ? found.map(f -> entry.within(f, SHORT_NAMES)) : Optional.empty();
        this.whole = isObject ? Optional.empty() : entry.truth(Key.HEALTH);
    }

    /** @param wire of the server, if that could be read */
    HealthPolicy read(Optional<Wire> wire) {
        HealthPolicy standard = HealthPolicy.DEFAULT;
        Duration interval = duration(Key.HEALTH_INTERVAL).orElse(standard.interval());
        HealthPolicy policy = new HealthPolicy(
                whole.or(() -> value(fields -> fields.truth(Key.HEALTH_ENABLED)))
                        .orElse(standard.enabled()),
                interval,
                duration(Key.HEALTH_RECOVERY_INTERVAL).orElse(standard.recoveryInterval()),
                duration(Key.HEALTH_TIMEOUT).orElse(standard.timeout()),
                threshold(Key.FAILURE_THRESHOLD).orElse(standard.failureThreshold()),
                threshold(Key.RECOVERY_THRESHOLD).orElse(standard.recoveryThreshold()),
                duration(Key.DEGRADED_LATENCY).orElse(standard.degradedLatency()),
                value(this::request).orElse(standard.request()),
                way(wire));
        inner.ifPresent(Fields::warnOfTheRest);
        return policy;
    }

    private HealthPolicy.Way way(Optional<Wire> wire) {
        Optional<String> path = value(fields -> fields.text(Key.HEALTH_PATH));
        String bean = value(fields -> fields.text(Key.HEALTH_BEAN)).orElse("");
        HealthPolicy.Kind kind = value(fields -> fields.word(Key.HEALTH_KIND, KINDS))
                .map(word -> HealthPolicy.Kind.valueOf(word.toUpperCase(Locale.ROOT)))
                .orElseGet(() -> kind(path.isPresent(), !bean.isEmpty(), wire));
        Optional<String> unfit = wire.flatMap(known -> unfit(kind, bean, known));
        try {
            HealthPolicy.Way way = new HealthPolicy.Way(kind, path.orElse(""), bean);
            unfit.ifPresent(why -> refuse(why, "Use the kind mcp, or name a bean."));
            return unfit.isPresent() ? HealthPolicy.Way.MCP : way;
        } catch (IllegalArgumentException refused) {
            refuse(
                    refused.getMessage(),
                    "Name a path with the kind http, a bean with the kind custom, and only there.");
            return HealthPolicy.Way.MCP;
        }
    }

    private void refuse(String what, String remedy) {
        entry.report().error(entry.path(Key.HEALTH.text()), what, remedy);
    }

    private static HealthPolicy.Kind kind(boolean path, boolean bean, Optional<Wire> wire) {
        if (path) {
            return HealthPolicy.Kind.HTTP;
        }
        return bean || wire.filter(Wire.Custom.class::isInstance).isPresent()
                ? HealthPolicy.Kind.CUSTOM
                : HealthPolicy.Kind.MCP;
    }

    private static Optional<String> unfit(HealthPolicy.Kind kind, String bean, Wire wire) {
        if (kind == HealthPolicy.Kind.CUSTOM) {
            return !bean.isEmpty() || wire instanceof Wire.Custom
                    ? Optional.empty()
                    : Optional.of("the kind custom without bean, for a server that is reached by " + wire.transport()
                            + " (expected: the name of a bean)");
        }
        boolean isStdio = wire instanceof Wire.Stdio || wire instanceof Wire.Custom;
        boolean isTcp =
                wire instanceof Wire.Tcp || wire instanceof Wire.Served served && served.speech() == Wire.Speech.TCP;
        boolean fits = kind == HealthPolicy.Kind.MCP || !isStdio && !(isTcp && kind == HealthPolicy.Kind.HTTP);
        return fits
                ? Optional.empty()
                : Optional.of("the kind " + kind.name().toLowerCase(Locale.ROOT) + " for a server that is reached by "
                        + wire.transport() + " (expected: mcp" + (isTcp ? " or network" : "") + ")");
    }

    private <T> Optional<T> value(Function<Fields, Optional<T>> read) {
        return inner.flatMap(read).or(() -> read.apply(entry));
    }

    private Optional<Duration> duration(Key key) {
        return value(fields -> fields.duration(key, DAY, 1));
    }

    private Optional<Integer> threshold(Key key) {
        return value(fields -> fields.integer(key, 1, HealthPolicy.THRESHOLD_MAX));
    }

    private Optional<HealthPolicy.Request> request(Fields fields) {
        return fields.find(Key.INIT_MESSAGE).flatMap(found -> {
            JsonValue value = parsed(found.value());
            boolean isRequest = value instanceof JsonObject object
                    && object.get("method") instanceof JsonString
                    && isParams(object.getOrDefault("params", JsonValue.EMPTY_JSON_OBJECT));
            return isRequest ? request(fields, found, value.asJsonObject()) : fields.wrong(found, A_REQUEST);
        });
    }

    private static boolean isParams(JsonValue params) {
        return params.getValueType() == JsonValue.ValueType.OBJECT;
    }

    private static JsonValue parsed(JsonValue value) {
        if (!(value instanceof JsonString text)) {
            return value;
        }
        try {
            return JsonText.read(text.getString());
        } catch (JsonText.Malformed notJson) {
            // Reported as what it is: a string that is no request.
            return value;
        }
    }

    private static Optional<HealthPolicy.Request> request(Fields fields, Fields.Found found, JsonObject message) {
        String params = message.containsKey("params") ? message.get("params").toString() : "";
        try {
            return Optional.of(new HealthPolicy.Request(message.getString("method"), params));
        } catch (IllegalArgumentException refused) {
            fields.report()
                    .error(
                            fields.path(found.name()),
                            refused.getMessage(),
                            "Name a request, or leave it out for ping.");
            return Optional.empty();
        }
    }

    /** As it is written in a configuration file. */
    static JsonObjectBuilder message(HealthPolicy.Request request) {
        JsonObjectBuilder json = Json.createObjectBuilder().add("method", request.method());
        try {
            return request.params().isEmpty() ? json : json.add("params", JsonText.read(request.params()));
        } catch (JsonText.Malformed broken) {
            throw new IllegalArgumentException("params of " + request + " are no JSON", broken);
        }
    }
}

package org.mcpservermanager.config;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mcpservermanager.server.HealthPolicy;
import org.mcpservermanager.server.Json;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.RestartPolicy;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Spoken;
import org.mcpservermanager.server.StartRules;
import org.mcpservermanager.server.Timeouts;
import org.mcpservermanager.server.Wire;

/**
 * A spec as JSON text, and back, in the keys of a configuration file. Secrets are in it: for the database, never for a surface.
 * The same spec always gives the same text.
 */
public final class SpecJson {
    private static final String ENTRY = "entry";

    private SpecJson() {}

    public static String write(ServerSpec spec) {
        return object(spec).add(Key.SOURCE.text(), spec.source()).build().toString();
    }

    /** An entry as it was written, with its references to variables. */
    public static String write(ServerId id, JsonObject entry, String source) {
        return Json.createObjectBuilder()
                .add(Key.ID.text(), id.value())
                .add(Key.SOURCE.text(), source)
                .add(ENTRY, entry)
                .build()
                .toString();
    }

    /** @throws ProblemException invalid_configuration: not a text that {@link #write(ServerSpec)} gave */
    public static ServerSpec read(String json) {
        return read(json, Optional.empty());
    }

    /**
     * @param reader resolves the references of an entry that was kept as it was written
     * @throws ProblemException invalid_configuration: no text that we gave, or a reference that cannot be resolved any more
     */
    public static ServerSpec read(String json, ConfigReader reader) {
        return read(json, Optional.of(reader));
    }

    private static ServerSpec read(String json, Optional<ConfigReader> reader) {
        try {
            JsonObject object = JsonText.read(json).asJsonObject();
            ServerId id = new ServerId(object.getString(Key.ID.text(), ""));
            String source = object.getString(Key.SOURCE.text(), "api");
            if (object.containsKey(ENTRY) && reader.isPresent()) {
                return reader.get().entry(id, object.getJsonObject(ENTRY), source);
            }
            // Resolved when it was written: a "${" or "~" that is in it now is meant.
            return ConfigReader.entry(id, object, source, Variables.none(), Path.of("/"));
        } catch (JsonText.Malformed | ClassCastException | IllegalArgumentException e) {
            Problem problem = new Problem(
                    Problem.INVALID_CONFIGURATION,
                    "stored server: " + Report.shown(e.getMessage()) + " (expected: one JSON object with a valid id)",
                    "Remove the server and define it again.");
            throw new ProblemException(problem, e);
        }
    }

    /** What the digest is taken of: everything but where it was written. */
    static String canonical(ServerSpec spec) {
        return object(spec).build().toString();
    }

    private static JsonObjectBuilder object(ServerSpec spec) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add(Key.ID.text(), spec.id().value())
                .add(Key.NAME.text(), spec.name())
                .add(Key.DESCRIPTION.text(), spec.description());
        addWire(json, spec.wire());
        json.add(Key.ENABLED.text(), spec.enabled())
                .add(Key.AUTO_START.text(), spec.autoStart())
                .add(Key.PRIORITY.text(), spec.priority())
                .add(Key.TAGS.text(), Json.createArrayBuilder(spec.tags()))
                .add(Key.ISOLATION.text(), word(spec.isolation()));
        addSpoken(json, spec.spoken());
        ContainmentJson.add(json, spec.containment());
        addRestart(json, spec.restart());
        addTimeouts(json, spec.timeouts());
        addStart(json, spec.start());
        json.add(Key.LIMITS.text(), ResourceJson.limits(spec.limits()))
                .add(Key.ALERTS.text(), ResourceJson.alerts(spec.alerts()))
                .add(Key.HEALTH.text(), health(spec.health(), spec.wire()));
        ExposureJson.add(json, spec.exposure());
        ExposureJson.add(json, spec.quota());
        return json;
    }

    private static void addWire(JsonObjectBuilder json, Wire wire) {
        json.add(Key.TYPE.text(), wire.transport());
        if (wire instanceof Wire.Stdio stdio) {
            addProcess(json, stdio);
        } else if (wire instanceof Wire.Served served) {
            addProcess(json, served.process());
            json.add(Key.PORT.text(), served.port()).add(Key.PATH.text(), served.path());
            if (served.survives()) {
                json.add(Key.SURVIVE.text(), true);
            }
        } else if (wire instanceof Wire.WebSocket socket) {
            json.add(Key.URL.text(), socket.url().toString()).add(Key.HEADERS.text(), sorted(socket.headers()));
        } else if (wire instanceof Wire.Custom custom) {
            json.add(Key.BEAN.text(), custom.bean()).add(Key.ENV.text(), sorted(custom.environment()));
        } else if (wire instanceof Wire.Tcp tcp) {
            json.add(Key.HOST.text(), tcp.host()).add(Key.PORT.text(), tcp.port());
        } else if (wire instanceof Wire.Http http) {
            json.add(Key.URL.text(), http.url().toString()).add(Key.HEADERS.text(), sorted(http.headers()));
        }
    }

    private static void addProcess(JsonObjectBuilder json, Wire.Stdio process) {
        json.add(Key.COMMAND.text(), process.command())
                .add(Key.ARGS.text(), Json.createArrayBuilder(process.args()))
                .add(Key.ENV.text(), sorted(process.environment()))
                .add(Key.CWD.text(), process.directory());
    }

    /** Only where something is said, so that what was approved before there was a choice stays approved. */
    private static void addSpoken(JsonObjectBuilder json, Spoken spoken) {
        if (!spoken.equals(Spoken.AUTO)) {
            json.add(Key.ERA.text(), word(spoken.era()));
        }
        if (!spoken.version().isEmpty()) {
            json.add(Key.PROTOCOL_VERSION.text(), spoken.version());
        }
    }

    private static void addRestart(JsonObjectBuilder json, RestartPolicy restart) {
        Collection<Integer> codes = restart.cleanExitCodes().stream().sorted().toList();
        json.add(Key.RESTART_POLICY.text(), word(restart.mode()))
                .add(Key.AUTO_RESTART.text(), restart.auto())
                .add(Key.RESTART_DELAY.text(), Durations.seconds(restart.delay()))
                .add(Key.RESTART_DELAY_MAX.text(), Durations.seconds(restart.delayMax()))
                .add(Key.RESTART_ATTEMPTS_MAX.text(), restart.attemptsMax())
                .add(Key.RESTART_MODE.text(), restart.overlap() ? "overlap" : "sequential")
                .add(Key.STABLE_AFTER.text(), Durations.seconds(restart.stableAfter()))
                .add(Key.CLEAN_EXIT_CODES.text(), Json.createArrayBuilder(codes));
    }

    private static void addTimeouts(JsonObjectBuilder json, Timeouts timeouts) {
        json.add(Key.STARTUP_TIMEOUT.text(), Durations.seconds(timeouts.startup()))
                .add(Key.REQUEST_TIMEOUT.text(), Durations.seconds(timeouts.request()))
                .add(Key.END_OF_INPUT_TIMEOUT.text(), Durations.seconds(timeouts.endOfInput()))
                .add(Key.SHUTDOWN_TIMEOUT.text(), Durations.seconds(timeouts.stop()));
    }

    private static void addStart(JsonObjectBuilder json, StartRules start) {
        json.add(Key.STARTUP_TIMEOUT_MAX.text(), Durations.seconds(start.startupMax()))
                .add(Key.DRAIN_TIMEOUT.text(), Durations.seconds(start.drain()))
                .add(Key.AFTER.text(), ids(start.dependencies().after()))
                .add(Key.REQUIRES.text(), ids(start.dependencies().requires()))
                .add(Key.BIND.text(), ids(start.dependencies().bind()));
        // as with what it speaks: what was approved before there was a choice stays approved
        if (start.spares() != StartRules.DEFAULT.spares()) {
            json.add(Key.SPARES.text(), start.spares());
        }
    }

    private static JsonArrayBuilder ids(Collection<ServerId> ids) {
        return Json.createArrayBuilder(ids.stream().map(ServerId::value).toList());
    }

    private static JsonObjectBuilder health(HealthPolicy health, Wire wire) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add(Key.HEALTH_ENABLED.text(), health.enabled())
                .add(Key.HEALTH_INTERVAL.text(), Durations.seconds(health.interval()))
                .add(Key.HEALTH_RECOVERY_INTERVAL.text(), Durations.seconds(health.recoveryInterval()))
                .add(Key.HEALTH_TIMEOUT.text(), Durations.seconds(health.timeout()))
                .add(Key.FAILURE_THRESHOLD.text(), health.failureThreshold())
                .add(Key.RECOVERY_THRESHOLD.text(), health.recoveryThreshold())
                .add(Key.DEGRADED_LATENCY.text(), Durations.seconds(health.degradedLatency()));
        if (health.way().kind() != HealthPolicy.Kind.MCP || wire instanceof Wire.Custom) {
            json.add(Key.HEALTH_KIND.text(), word(health.way().kind()));
        }
        if (!health.way().path().isEmpty()) {
            json.add(Key.HEALTH_PATH.text(), health.way().path());
        }
        if (!health.way().bean().isEmpty()) {
            json.add(Key.HEALTH_BEAN.text(), health.way().bean());
        }
        return health.request().equals(HealthPolicy.Request.PING)
                ? json
                : json.add(Key.INIT_MESSAGE.text(), HealthReader.message(health.request()));
    }

    private static JsonObjectBuilder sorted(Map<String, String> map) {
        JsonObjectBuilder json = Json.createObjectBuilder();
        new TreeMap<>(map).forEach(json::add);
        return json;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}

package org.mcpservermanager.manage;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import org.mcpservermanager.config.ExposureJson;
import org.mcpservermanager.config.Secrets;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.HealthPolicy;
import org.mcpservermanager.server.Json;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.Quota;
import org.mcpservermanager.server.RestartPolicy;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.StartRules;
import org.mcpservermanager.server.Timeouts;
import org.mcpservermanager.server.Wire;

/** A server on the outside. Values of environment variables and headers never leave; what is not there has no member. */
public final class ServerJson {

    private ServerJson() {}

    public static JsonObject of(Snapshot server, Instant now) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("id", server.id().value())
                .add("config", config(server.spec()))
                .add("status", server.phase().status());
        server.failure().problem().ifPresent(problem -> json.add("lastError", problem.message()));
        server.running().startedAt().ifPresent(at -> json.add("startTime", at.toString()));
        json.add("restartCount", server.counts().restarts())
                .add("phase", word(server.phase()))
                .add("step", word(server.step()))
                .add("wish", word(server.wish()))
                .add("health", word(server.health()));
        addChecks(json, server.checks());
        json.add("generation", server.generation());
        addRunning(json, server.running());
        json.add("uptimeMs", uptimeMillis(server, now));
        addFailure(json, server);
        addCounts(json, server.counts());
        server.resources().at().ifPresent(at -> json.add("resources", ResourceJson.usage(server.resources(), at)));
        return json.add("description", server.spec().description())
                .add("tags", array(server.spec().tags()))
                .add("source", server.spec().source())
                .add("url", "/servers/" + server.id() + "/mcp")
                .build();
    }

    /** How long the running copy has lived; 0 without one. */
    public static long uptimeMillis(Snapshot server, Instant now) {
        return server.running()
                .startedAt()
                .map(at -> Math.max(0, Duration.between(at, now).toMillis()))
                .orElse(0L);
    }

    /** The outside form of a constant: {@code STARTING} is {@code starting}. */
    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static JsonObject problem(Problem problem) {
        return Json.createObjectBuilder()
                .add("code", problem.code())
                .add("message", problem.message())
                .add("remedy", problem.remedy())
                .build();
    }

    static JsonObject exit(Exit exit) {
        return Json.createObjectBuilder()
                .add("code", code(exit))
                .add("signal", signal(exit))
                .build();
    }

    /** {@code null} when a signal ended the process, as older managers said it. */
    static JsonValue code(Exit exit) {
        return exit.signal() != 0 || exit.code() < 0 ? JsonValue.NULL : Json.createValue(exit.code());
    }

    static JsonValue signal(Exit exit) {
        return exit.signal() == 0 ? JsonValue.NULL : Json.createValue(exit.signalName());
    }

    private static void addWire(JsonObjectBuilder json, Wire wire) {
        if (wire instanceof Wire.Stdio stdio) {
            json.add("command", stdio.command())
                    .add("args", array(stdio.args()))
                    .add("env", Secrets.masked(stdio.environment()))
                    .add("cwd", stdio.directory());
        } else if (wire instanceof Wire.Served served) {
            addWire(json, served.process());
            json.add("port", served.port()).add("path", served.path()).add("survive", served.survives());
        } else if (wire instanceof Wire.Http http) {
            json.add("url", Secrets.masked(http.url())).add("headers", Secrets.masked(http.headers()));
        } else if (wire instanceof Wire.WebSocket socket) {
            json.add("url", Secrets.masked(socket.url())).add("headers", Secrets.masked(socket.headers()));
        } else if (wire instanceof Wire.Custom custom) {
            json.add("bean", custom.bean()).add("env", Secrets.masked(custom.environment()));
        } else if (wire instanceof Wire.Tcp tcp) {
            json.add("host", tcp.host()).add("port", tcp.port());
        }
    }

    private static JsonObject config(ServerSpec spec) {
        JsonObjectBuilder json =
                Json.createObjectBuilder().add("id", spec.id().value()).add("name", spec.name());
        addWire(json, spec.wire());
        return json.add("transport", spec.wire().transport())
                .add("autoStart", spec.autoStart())
                .add("enabled", spec.enabled())
                .add("priority", spec.priority())
                .add("isolation", word(spec.isolation()))
                .add("era", word(spec.spoken().era()))
                .add("protocolVersion", spec.spoken().version())
                .add("containment", spec.containment().word())
                .add("restart", restart(spec.restart()))
                .add("timeouts", timeouts(spec.timeouts()))
                .add("start", start(spec.start()))
                .add("limits", ResourceJson.limits(spec.limits()))
                .add("alerts", ResourceJson.alerts(spec.alerts(), spec.limits()))
                .add("health", health(spec.health()))
                .add("exposure", ExposureJson.add(Json.createObjectBuilder(), spec.exposure()))
                .add("quota", quota(spec.quota()))
                .build();
    }

    /** With one digit after the point at most. */
    static BigDecimal number(double value) {
        BigDecimal plain =
                BigDecimal.valueOf(value).setScale(1, RoundingMode.HALF_UP).stripTrailingZeros();
        return plain.scale() < 0 ? plain.setScale(0) : plain;
    }

    private static JsonObject restart(RestartPolicy policy) {
        return Json.createObjectBuilder()
                .add("mode", word(policy.mode()))
                .add("auto", policy.auto())
                .add("delayMs", policy.delay().toMillis())
                .add("delayMaxMs", policy.delayMax().toMillis())
                .add("attemptsMax", policy.attemptsMax())
                .add("replacement", policy.overlap() ? "overlap" : "sequential")
                .build();
    }

    private static JsonObject timeouts(Timeouts timeouts) {
        return Json.createObjectBuilder()
                .add("startupMs", timeouts.startup().toMillis())
                .add("requestMs", timeouts.request().toMillis())
                .add("stopMs", timeouts.stop().toMillis())
                .build();
    }

    private static JsonObject quota(Quota quota) {
        return Json.createObjectBuilder()
                .add("concurrentMax", quota.concurrentMax())
                .add("perSecond", quota.perSecond())
                .add("repeats", quota.repeats())
                .build();
    }

    private static JsonObject start(StartRules start) {
        return Json.createObjectBuilder()
                .add("startupMaxMs", start.startupMax().toMillis())
                .add("drainMs", start.drain().toMillis())
                .add("after", ids(start.dependencies().after()))
                .add("requires", ids(start.dependencies().requires()))
                .add("bind", ids(start.dependencies().bind()))
                .add("spares", start.spares())
                .build();
    }

    private static JsonArray ids(Collection<ServerId> ids) {
        return array(ids.stream().map(ServerId::value).toList());
    }

    private static JsonObject health(HealthPolicy policy) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("enabled", policy.enabled())
                .add("kind", word(policy.way().kind()));
        if (!policy.way().bean().isEmpty()) {
            json.add("bean", policy.way().bean());
        }
        return json.add("intervalMs", policy.interval().toMillis())
                .add("recoveryIntervalMs", policy.recoveryInterval().toMillis())
                .add("timeoutMs", policy.timeout().toMillis())
                .add("failureThreshold", policy.failureThreshold())
                .add("recoveryThreshold", policy.recoveryThreshold())
                .add("degradedLatencyMs", policy.degradedLatency().toMillis())
                .add("request", policy.request().method())
                .build();
    }

    private static void addChecks(JsonObjectBuilder json, Snapshot.Checks checks) {
        json.add("healthIssues", array(checks.issues())).add("healthChecks", checks.count());
        checks.lastAt().ifPresent(at -> json.add("lastHealthCheck", at.toString()));
        checks.latency().ifPresent(latency -> json.add("healthLatencyMs", latency.toMillis()));
    }

    private static void addRunning(JsonObjectBuilder json, Snapshot.Running running) {
        json.add("pid", running.pid());
        running.readyAt().ifPresent(at -> json.add("readyAt", at.toString()));
        json.add("containment", running.containment());
        if (running.pidsMax() > 0) {
            json.add("pidsMax", running.pidsMax());
        }
        json.add("protocolVersion", running.protocolVersion())
                .add("serverName", running.serverName())
                .add("serverVersion", running.serverVersion());
    }

    private static void addFailure(JsonObjectBuilder json, Snapshot server) {
        Snapshot.Failure failure = server.failure();
        failure.retryAt().ifPresent(at -> json.add("nextTryAt", at.toString()));
        failure.at().ifPresent(at -> json.add("failedAt", at.toString()));
        failure.exit().ifPresent(exit -> json.add("exit", exit(exit)));
        failure.problem().ifPresent(problem -> json.add("problem", problem(problem)));
        json.add("stuck", failure.stuck());
    }

    private static void addCounts(JsonObjectBuilder json, Snapshot.Counts counts) {
        json.add("failuresInRow", counts.failuresInRow())
                .add("starts", counts.starts())
                .add("failures", counts.failures())
                .add("inFlight", counts.inFlight())
                .add("requests", counts.requests())
                .add("errors", counts.errors())
                .add("sessionCopies", counts.copies().sessions())
                .add("listCopies", counts.copies().lists())
                .add("spareCopies", counts.copies().spare());
    }

    private static JsonArray array(Collection<String> texts) {
        return Json.createArrayBuilder(texts).build();
    }
}

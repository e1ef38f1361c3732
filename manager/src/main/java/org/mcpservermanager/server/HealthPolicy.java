package org.mcpservermanager.server;

import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * How a running server is checked, and what is made of it.
 *
 * @param enabled false: nobody checks, its health is unknown while it runs
 * @param interval from the end of a check to the next, while it is well
 * @param recoveryInterval the same after a failed check and while it is not HEALTHY; never longer than {@code interval}
 * @param timeout how long a check may take before it counts as failed
 * @param failureThreshold failed checks in a row before UNHEALTHY
 * @param recoveryThreshold good checks in a row before HEALTHY again
 * @param degradedLatency answers that take longer make it DEGRADED
 * @param request what a check by MCP asks
 * @param way how a check asks
 */
public record HealthPolicy(
        boolean enabled,
        Duration interval,
        Duration recoveryInterval,
        Duration timeout,
        int failureThreshold,
        int recoveryThreshold,
        Duration degradedLatency,
        Request request,
        Way way) {
    public static final int THRESHOLD_MAX = 1000;
    public static final HealthPolicy DEFAULT = new HealthPolicy(
            true,
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            3,
            2,
            Duration.ofSeconds(2),
            Request.PING,
            Way.MCP);

    /**
     * By MCP, or from outside it: where the server is on a network, a connection to its port, or a GET of a path there; anywhere, a
     * bean.
     */
    public enum Kind {
        MCP,
        NETWORK,
        HTTP,
        CUSTOM
    }

    /**
     * @param path on the server's own host and port, of an HTTP check; else empty
     * @param bean the name of the bean of a CUSTOM check; empty when a custom server says itself how it is
     */
    public record Way(Kind kind, String path, String bean) {
        public static final Way MCP = new Way(Kind.MCP, "");
        public static final Way NETWORK = new Way(Kind.NETWORK, "");
        private static final Pattern PATH =
                Pattern.compile("/(?!/)(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9a-fA-F]{2})*");

        public Way(Kind kind, String path) {
            this(kind, path, "");
        }

        public static Way custom(String bean) {
            return new Way(Kind.CUSTOM, "", bean);
        }

        public Way {
            Objects.requireNonNull(bean, "bean");
            if (kind != Kind.CUSTOM && !bean.isEmpty()) {
                throw new IllegalArgumentException(
                        "health.bean: \"" + Text.oneLine(bean, 80) + "\" (expected: only with the kind custom)");
            }
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(path, "path");
            boolean fits = kind == Kind.HTTP ? PATH.matcher(path).matches() : path.isEmpty();
            if (!fits) {
                throw new IllegalArgumentException("health.path: \"" + Text.oneLine(path, 80)
                        + "\" (expected: a path such as /health for the kind http, none for another)");
            }
        }
    }

    /**
     * One JSON-RPC request.
     *
     * @param params raw JSON text, empty for none; may hold secrets
     */
    public record Request(String method, String params) {
        public static final Request PING = new Request("ping", "");

        public Request {
            Objects.requireNonNull(method, "method");
            Objects.requireNonNull(params, "params");
            if (method.isBlank() || method.equals("initialize") || method.startsWith("notifications/")) {
                throw new IllegalArgumentException("init_message.method: \"" + Text.oneLine(method, 80)
                        + "\" (expected: a request that a running server answers, such as tools/list)");
            }
        }

        @Override
        public String toString() {
            return "Request[" + method + "]";
        }
    }

    /** Asks in another way. */
    public HealthPolicy by(Way other) {
        return new HealthPolicy(
                enabled,
                interval,
                recoveryInterval,
                timeout,
                failureThreshold,
                recoveryThreshold,
                degradedLatency,
                request,
                other);
    }

    public HealthPolicy {
        Objects.requireNonNull(way, "way");
        Objects.requireNonNull(request, "request");
        check(interval, "health_check_interval");
        check(recoveryInterval, "recovery_check_interval");
        check(timeout, "health_check_timeout");
        check(degradedLatency, "degraded_latency");
        check(failureThreshold, "failure_threshold");
        check(recoveryThreshold, "recovery_threshold");
    }

    private static void check(Duration d, String what) {
        if (d.isNegative() || d.isZero() || d.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(what + ": " + d + " (expected: more than 0, at most 1 day)");
        }
    }

    private static void check(int threshold, String what) {
        if (threshold < 1 || threshold > THRESHOLD_MAX) {
            throw new IllegalArgumentException(what + ": " + threshold + " (expected: 1 to " + THRESHOLD_MAX + ")");
        }
    }
}

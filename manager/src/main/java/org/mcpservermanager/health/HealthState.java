package org.mcpservermanager.health;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mcpservermanager.server.Health;
import org.mcpservermanager.server.HealthPolicy;
import org.mcpservermanager.server.Snapshot;

/**
 * How well a server is, as its checks tell. Every change is a pure function of the state, what was found and the policy.
 *
 * @param failures failed checks in a row
 * @param answers answered checks in a row
 * @param quick answered checks in a row that were not slow
 * @param checks what people see of it
 */
public record HealthState(Health health, int failures, int answers, int quick, Snapshot.Checks checks) {
    public static final HealthState INITIAL = new HealthState(Health.UNKNOWN, 0, 0, 0, Snapshot.Checks.NONE);

    public HealthState next(Finding finding, HealthPolicy policy, Instant at) {
        return finding.after(this, policy, at);
    }

    /** A new copy has answered its handshake; that says as much as a check. */
    public HealthState ready(HealthPolicy policy) {
        return fresh(policy.enabled() ? Health.HEALTHY : Health.UNKNOWN, List.of());
    }

    /** There is no copy, and there should be one. */
    public HealthState critical(String issue) {
        return fresh(Health.CRITICAL, List.of(issue));
    }

    /** There is no copy, and nothing is wrong with that. */
    public HealthState unknown() {
        return fresh(Health.UNKNOWN, List.of());
    }

    /** How long until the next check. */
    public Duration pause(HealthPolicy policy) {
        boolean well = health == Health.HEALTHY && failures == 0;
        return well || policy.recoveryInterval().compareTo(policy.interval()) > 0
                ? policy.interval()
                : policy.recoveryInterval();
    }

    HealthState answered(Duration latency, HealthPolicy policy, Instant at) {
        boolean slow = latency.compareTo(policy.degradedLatency()) > 0;
        int answersNow = Math.min(answers + 1, HealthPolicy.THRESHOLD_MAX);
        int quickNow = slow ? 0 : Math.min(quick + 1, HealthPolicy.THRESHOLD_MAX);
        if (health == Health.UNHEALTHY && answersNow < policy.recoveryThreshold()) {
            String issue = "answers again (" + answersNow + " of " + policy.recoveryThreshold() + " checks)";
            return seen(Health.UNHEALTHY, answersNow, quickNow, List.of(issue), latency, at);
        }
        if (slow) {
            String issue = "answered after " + latency.toMillis() + " ms (slow: more than "
                    + policy.degradedLatency().toMillis() + " ms)";
            return seen(Health.DEGRADED, answersNow, 0, List.of(issue), latency, at);
        }
        boolean wasBad = health == Health.DEGRADED || health == Health.UNHEALTHY;
        if (wasBad && quickNow < policy.recoveryThreshold()) {
            String issue = "answers in time again (" + quickNow + " of " + policy.recoveryThreshold() + " checks)";
            return seen(Health.DEGRADED, answersNow, quickNow, List.of(issue), latency, at);
        }
        return seen(Health.HEALTHY, answersNow, quickNow, List.of(), latency, at);
    }

    HealthState failed(String issue, HealthPolicy policy, Instant at) {
        int failuresNow = Math.min(failures + 1, HealthPolicy.THRESHOLD_MAX);
        boolean unhealthy = health == Health.UNHEALTHY || failuresNow >= policy.failureThreshold();
        String words = issue
                + (unhealthy
                        ? " (failed checks in a row: " + failuresNow + ")"
                        : " (failed checks in a row: " + failuresNow + ", unhealthy at " + policy.failureThreshold()
                                + ")");
        return new HealthState(
                unhealthy ? Health.UNHEALTHY : health,
                failuresNow,
                0,
                0,
                new Snapshot.Checks(checks.count() + 1, List.of(words), Optional.of(at), checks.latency()));
    }

    HealthState undone(String why) {
        return new HealthState(
                health,
                failures,
                answers,
                quick,
                new Snapshot.Checks(checks.count(), List.of(why), checks.lastAt(), checks.latency()));
    }

    private HealthState seen(
            Health next, int answersNow, int quickNow, List<String> issues, Duration latency, Instant at) {
        return new HealthState(
                next,
                0,
                answersNow,
                quickNow,
                new Snapshot.Checks(checks.count() + 1, issues, Optional.of(at), Optional.of(latency)));
    }

    private HealthState fresh(Health next, List<String> issues) {
        return new HealthState(
                next, 0, 0, 0, new Snapshot.Checks(checks.count(), issues, Optional.empty(), Optional.empty()));
    }
}

package org.mcpservermanager.server;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What the operator wrote about a server.
 *
 * @param name as a person wrote it, for display; the id is made from it
 * @param enabled false: DISABLED, cannot be started
 * @param autoStart whether the first wish, before the operator said anything, is UP
 * @param priority lower starts first
 * @param spoken which MCP it speaks
 * @param source where it was defined, for people: a file and its key, or "api"
 */
public record ServerSpec(
        ServerId id,
        String name,
        String description,
        Wire wire,
        boolean enabled,
        boolean autoStart,
        int priority,
        List<String> tags,
        Isolation isolation,
        Containment containment,
        RestartPolicy restart,
        Timeouts timeouts,
        Limits limits,
        AlertPolicy alerts,
        HealthPolicy health,
        StartRules start,
        Exposure exposure,
        Quota quota,
        Spoken spoken,
        String source) {
    public ServerSpec {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(wire, "wire");
        Objects.requireNonNull(isolation, "isolation");
        Objects.requireNonNull(containment, "containment");
        Objects.requireNonNull(restart, "restart");
        Objects.requireNonNull(timeouts, "timeouts");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(alerts, "alerts");
        Objects.requireNonNull(health, "health");
        Objects.requireNonNull(start, "start");
        Objects.requireNonNull(exposure, "exposure");
        Objects.requireNonNull(quota, "quota");
        Objects.requireNonNull(spoken, "spoken");
        Objects.requireNonNull(source, "source");
        tags = List.copyOf(tags);
    }

    /** Whether a process launched by one does for the other. */
    public boolean launchesAs(ServerSpec other) {
        return wire.equals(other.wire)
                && isolation == other.isolation
                && containment.equals(other.containment)
                && spoken.equals(other.spoken)
                && limits.holdsAs(other.limits);
    }

    /** To make another one of it. */
    public SpecDraft draft() {
        return new SpecDraft(this);
    }

    public ServerSpec from(String otherSource) {
        return draft().source(otherSource).spec();
    }

    /** However busy it is meanwhile, a start may not take longer. */
    public Duration startupLimit() {
        return start.startupMax().compareTo(timeouts.startup()) > 0 ? start.startupMax() : timeouts.startup();
    }

    public ServerSpec with(Containment otherContainment) {
        return draft().containment(otherContainment).spec();
    }

    public ServerSpec with(Wire otherWire) {
        return draft().wire(otherWire).spec();
    }

    public ServerSpec with(RestartPolicy otherRestart) {
        return draft().restart(otherRestart).spec();
    }

    public ServerSpec with(StartRules rules) {
        return draft().start(rules).spec();
    }

    public ServerSpec with(Spoken otherSpoken) {
        return draft().spoken(otherSpoken).spec();
    }

    public ServerSpec with(Exposure otherExposure) {
        return draft().exposure(otherExposure).spec();
    }

    public ServerSpec with(Quota otherQuota) {
        return draft().quota(otherQuota).spec();
    }

    /** A spec with every default. */
    public static ServerSpec of(ServerId id, Wire wire, String source) {
        return new ServerSpec(
                id,
                id.value(),
                "",
                wire,
                true,
                true,
                100,
                List.of(),
                Isolation.AUTO,
                Containment.AUTO,
                RestartPolicy.DEFAULT,
                Timeouts.DEFAULT,
                Limits.DEFAULT,
                AlertPolicy.DEFAULT,
                HealthPolicy.DEFAULT,
                StartRules.DEFAULT,
                Exposure.ALL,
                Quota.DEFAULT,
                Spoken.AUTO,
                source);
    }
}

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
        Objects.requireNonNull(spoken, "spoken");
        Objects.requireNonNull(source, "source");
        tags = List.copyOf(tags);
    }

    /** A spec whose containment is chosen by the machine it runs on. */
    public ServerSpec(
            ServerId id,
            String name,
            String description,
            Wire wire,
            boolean enabled,
            boolean autoStart,
            int priority,
            List<String> tags,
            Isolation isolation,
            RestartPolicy restart,
            Timeouts timeouts,
            Limits limits,
            AlertPolicy alerts,
            HealthPolicy health,
            StartRules start,
            String source) {
        this(
                id,
                name,
                description,
                wire,
                enabled,
                autoStart,
                priority,
                tags,
                isolation,
                Containment.AUTO,
                restart,
                timeouts,
                limits,
                alerts,
                health,
                start,
                source);
    }

    /** A spec that speaks what the manager finds out. */
    public ServerSpec(
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
            String source) {
        this(
                id,
                name,
                description,
                wire,
                enabled,
                autoStart,
                priority,
                tags,
                isolation,
                containment,
                restart,
                timeouts,
                limits,
                alerts,
                health,
                start,
                Spoken.AUTO,
                source);
    }

    /** Whether a process launched by one does for the other. */
    public boolean launchesAs(ServerSpec other) {
        return wire.equals(other.wire)
                && isolation == other.isolation
                && containment.equals(other.containment)
                && spoken.equals(other.spoken)
                && limits.holdsAs(other.limits);
    }

    public ServerSpec from(String otherSource) {
        return new ServerSpec(
                id,
                name,
                description,
                wire,
                enabled,
                autoStart,
                priority,
                tags,
                isolation,
                containment,
                restart,
                timeouts,
                limits,
                alerts,
                health,
                start,
                spoken,
                otherSource);
    }

    /** However busy it is meanwhile, a start may not take longer. */
    public Duration startupLimit() {
        return start.startupMax().compareTo(timeouts.startup()) > 0 ? start.startupMax() : timeouts.startup();
    }

    public ServerSpec with(Containment otherContainment) {
        return new ServerSpec(
                id,
                name,
                description,
                wire,
                enabled,
                autoStart,
                priority,
                tags,
                isolation,
                otherContainment,
                restart,
                timeouts,
                limits,
                alerts,
                health,
                start,
                spoken,
                source);
    }

    public ServerSpec with(Wire otherWire) {
        return new ServerSpec(
                id,
                name,
                description,
                otherWire,
                enabled,
                autoStart,
                priority,
                tags,
                isolation,
                containment,
                restart,
                timeouts,
                limits,
                alerts,
                health,
                start,
                spoken,
                source);
    }

    public ServerSpec with(RestartPolicy otherRestart) {
        return new ServerSpec(
                id,
                name,
                description,
                wire,
                enabled,
                autoStart,
                priority,
                tags,
                isolation,
                containment,
                otherRestart,
                timeouts,
                limits,
                alerts,
                health,
                start,
                spoken,
                source);
    }

    public ServerSpec with(StartRules rules) {
        return new ServerSpec(
                id,
                name,
                description,
                wire,
                enabled,
                autoStart,
                priority,
                tags,
                isolation,
                containment,
                restart,
                timeouts,
                limits,
                alerts,
                health,
                rules,
                spoken,
                source);
    }

    public ServerSpec with(Spoken otherSpoken) {
        return new ServerSpec(
                id,
                name,
                description,
                wire,
                enabled,
                autoStart,
                priority,
                tags,
                isolation,
                containment,
                restart,
                timeouts,
                limits,
                alerts,
                health,
                start,
                otherSpoken,
                source);
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
                source);
    }
}

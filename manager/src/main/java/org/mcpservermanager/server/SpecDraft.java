package org.mcpservermanager.server;

import java.util.List;

/** A spec on its way, so that what changes one thing names only that; not safe for threads. */
public final class SpecDraft {
    private final ServerId id;
    private String name;
    private String description;
    private Wire wire;
    private boolean enabled;
    private boolean autoStart;
    private int priority;
    private List<String> tags;
    private Isolation isolation;
    private Containment containment;
    private RestartPolicy restart;
    private Timeouts timeouts;
    private Limits limits;
    private AlertPolicy alerts;
    private HealthPolicy health;
    private StartRules start;
    private Exposure exposure;
    private Quota quota;
    private Spoken spoken;
    private String source;

    SpecDraft(ServerSpec spec) {
        this.id = spec.id();
        this.name = spec.name();
        this.description = spec.description();
        this.wire = spec.wire();
        this.enabled = spec.enabled();
        this.autoStart = spec.autoStart();
        this.priority = spec.priority();
        this.tags = spec.tags();
        this.isolation = spec.isolation();
        this.containment = spec.containment();
        this.restart = spec.restart();
        this.timeouts = spec.timeouts();
        this.limits = spec.limits();
        this.alerts = spec.alerts();
        this.health = spec.health();
        this.start = spec.start();
        this.exposure = spec.exposure();
        this.quota = spec.quota();
        this.spoken = spec.spoken();
        this.source = spec.source();
    }

    public SpecDraft name(String other) {
        name = other;
        return this;
    }

    public SpecDraft description(String other) {
        description = other;
        return this;
    }

    public SpecDraft wire(Wire other) {
        wire = other;
        return this;
    }

    public SpecDraft enabled(boolean other) {
        enabled = other;
        return this;
    }

    public SpecDraft autoStart(boolean other) {
        autoStart = other;
        return this;
    }

    public SpecDraft priority(int other) {
        priority = other;
        return this;
    }

    public SpecDraft tags(List<String> other) {
        tags = other;
        return this;
    }

    public SpecDraft isolation(Isolation other) {
        isolation = other;
        return this;
    }

    public SpecDraft containment(Containment other) {
        containment = other;
        return this;
    }

    public SpecDraft restart(RestartPolicy other) {
        restart = other;
        return this;
    }

    public SpecDraft timeouts(Timeouts other) {
        timeouts = other;
        return this;
    }

    public SpecDraft limits(Limits other) {
        limits = other;
        return this;
    }

    public SpecDraft alerts(AlertPolicy other) {
        alerts = other;
        return this;
    }

    public SpecDraft health(HealthPolicy other) {
        health = other;
        return this;
    }

    public SpecDraft start(StartRules other) {
        start = other;
        return this;
    }

    public SpecDraft exposure(Exposure other) {
        exposure = other;
        return this;
    }

    public SpecDraft quota(Quota other) {
        quota = other;
        return this;
    }

    public SpecDraft spoken(Spoken other) {
        spoken = other;
        return this;
    }

    public SpecDraft source(String other) {
        source = other;
        return this;
    }

    public ServerSpec spec() {
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
                exposure,
                quota,
                spoken,
                source);
    }
}

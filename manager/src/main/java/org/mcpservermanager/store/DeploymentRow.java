package org.mcpservermanager.store;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.mcpservermanager.server.Health;
import org.mcpservermanager.server.ServerId;

/** A {@link Deployment} in the database. */
@Entity
@Table(name = "deployment")
public class DeploymentRow {
    @Id
    @Column(length = 36)
    private String id;

    @Column(name = "server_id", length = 63, nullable = false)
    private String server;

    @Column(length = 63, nullable = false)
    private String slug;

    @Column(name = "endpoint_url", length = 2_000, nullable = false)
    private String endpoint;

    @Enumerated(EnumType.STRING)
    @Column(length = 8, nullable = false)
    private Deployment.Status status;

    @Enumerated(EnumType.STRING)
    @Column(length = 16, nullable = false)
    private Health health;

    @Column(name = "last_check")
    @Convert(converter = InstantConverter.class)
    private Instant lastCheck;

    @Column(name = "deployed_at", nullable = false)
    @Convert(converter = InstantConverter.class)
    private Instant deployedAt;

    @Column(name = "stopped_at")
    @Convert(converter = InstantConverter.class)
    private Instant stoppedAt;

    protected DeploymentRow() {}

    DeploymentRow(ServerId server, String slug, URI endpoint, Instant at) {
        this.id = UUID.randomUUID().toString();
        this.server = server.value();
        this.slug = slug;
        this.endpoint = endpoint.toString();
        this.status = Deployment.Status.STARTING;
        this.health = Health.UNKNOWN;
        this.deployedAt = at;
    }

    String slug() {
        return slug;
    }

    Deployment.Status status() {
        return status;
    }

    void status(Deployment.Status next, Instant at) {
        status = next;
        stoppedAt = next.isOver() ? at : null;
    }

    void checked(Health found, Instant at) {
        health = found;
        lastCheck = at;
    }

    Deployment toDeployment() {
        return new Deployment(
                id,
                new ServerId(server),
                slug,
                URI.create(endpoint),
                status,
                health,
                Optional.ofNullable(lastCheck),
                deployedAt,
                Optional.ofNullable(stoppedAt));
    }
}

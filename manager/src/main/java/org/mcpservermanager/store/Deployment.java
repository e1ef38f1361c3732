package org.mcpservermanager.store;

import java.net.URI;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.mcpservermanager.server.Health;
import org.mcpservermanager.server.ServerId;

/**
 * A server that was put in reach under a slug.
 *
 * @param id a UUID
 * @param stoppedAt present exactly when the status is STOPPED or FAILED
 */
public record Deployment(
        String id,
        ServerId server,
        String slug,
        URI endpoint,
        Status status,
        Health health,
        Optional<Instant> lastCheck,
        Instant deployedAt,
        Optional<Instant> stoppedAt) {
    /** Where a deployment is; the last two are ends. */
    public enum Status {
        STARTING,
        RUNNING,
        STOPPED,
        FAILED;

        public boolean isOver() {
            return this == STOPPED || this == FAILED;
        }
    }

    public Deployment {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(slug, "slug");
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(health, "health");
        Objects.requireNonNull(lastCheck, "lastCheck");
        Objects.requireNonNull(deployedAt, "deployedAt");
        Objects.requireNonNull(stoppedAt, "stoppedAt");
    }
}

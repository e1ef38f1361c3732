package org.mcpservermanager.store;

import java.time.Instant;
import java.util.Objects;
import org.mcpservermanager.server.Health;

/** What a health check found of the server in reach under a slug. */
public record DeploymentCheck(String slug, Health health, Instant at) {
    public DeploymentCheck {
        Objects.requireNonNull(slug, "slug");
        Objects.requireNonNull(health, "health");
        Objects.requireNonNull(at, "at");
    }
}

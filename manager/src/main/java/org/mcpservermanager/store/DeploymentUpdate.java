package org.mcpservermanager.store;

import java.net.URI;
import java.time.Instant;
import java.util.Objects;
import org.mcpservermanager.server.ServerId;

/** What became of a server that is, or is to be, in reach under a slug. */
public record DeploymentUpdate(ServerId server, String slug, URI endpoint, Deployment.Status status, Instant at) {
    public DeploymentUpdate {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(slug, "slug");
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(at, "at");
    }
}

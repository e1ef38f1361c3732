package org.mcpservermanager.boot;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.store.Backlog;
import org.mcpservermanager.store.Deployment;
import org.mcpservermanager.store.DeploymentCheck;
import org.mcpservermanager.store.DeploymentUpdate;
import org.mcpservermanager.store.Store;
import org.mcpservermanager.store.WriteBehind;

/**
 * Writes deployments to the database behind the back of supervision, which must not wait for it. Only the newest change of each
 * server counts, so what waits is bounded by the fleet, however long the database is away.
 */
final class StoredDeployments implements AutoCloseable {
    private final Store store;
    private final Function<ServerId, URI> endpoint;
    private final WriteBehind behind;
    private final Backlog<ServerId, Event.PhaseChanged> phases = new Backlog<>();
    private final Backlog<ServerId, DeploymentCheck> checks = new Backlog<>();

    /** @param writer one thread, owned from now on */
    StoredDeployments(
            Store store, Function<ServerId, URI> endpoint, ExecutorService writer, ScheduledExecutorService timer) {
        this.store = store;
        this.endpoint = endpoint;
        this.behind = new WriteBehind("deployments", this::writeAll, writer, timer);
    }

    void on(Event event) {
        if (event instanceof Event.PhaseChanged change) {
            if (status(change.to()).isPresent()) {
                phases.put(change.server(), change);
                behind.writeSoon();
            }
        } else if (event instanceof Event.HealthChanged change) {
            checks.put(change.server(), new DeploymentCheck(change.server().value(), change.to(), change.at()));
            behind.writeSoon();
        }
    }

    private Optional<DeploymentUpdate> update(Event.PhaseChanged change) {
        ServerId server = change.server();
        return status(change.to())
                .map(status ->
                        new DeploymentUpdate(server, server.value(), endpoint.apply(server), status, change.at()));
    }

    private void writeAll() {
        phases.write(changes -> store.updateDeployments(changes.values().stream()
                .flatMap(change -> update(change).stream())
                .toList()));
        checks.write(found -> store.checkDeployments(List.copyOf(found.values())));
    }

    private static Optional<Deployment.Status> status(Phase phase) {
        return switch (phase) {
            case STARTING, BACKOFF, RECOVERING -> Optional.of(Deployment.Status.STARTING);
            case RUNNING -> Optional.of(Deployment.Status.RUNNING);
            case STOPPED, EXITED, DISABLED -> Optional.of(Deployment.Status.STOPPED);
            case PARKED, FATAL -> Optional.of(Deployment.Status.FAILED);
            case STOPPING -> Optional.empty();
        };
    }

    @Override
    public void close() {
        behind.close();
    }
}

package org.mcpservermanager.boot;

import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Health;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Wish;
import org.mcpservermanager.store.Deployment;
import org.mcpservermanager.store.Store;
import org.mcpservermanager.supervision.Wishes;

/**
 * Writes wishes and deployments to the database behind the back of supervision, which must not wait for it. Only the newest of
 * each server counts, so what waits is bounded by the fleet, however long the database is away.
 */
final class Books implements Wishes, AutoCloseable {
    private record Seen(Phase phase, Instant at) {}

    private record Checked(Health health, Instant at) {}

    private final Store store;
    private final Function<ServerId, URI> endpoint;
    private final WriteBehind behind;
    private final Map<ServerId, Wish> wishes = new LinkedHashMap<>(); // guarded by this
    private final Map<ServerId, Seen> phases = new LinkedHashMap<>(); // guarded by this
    private final Map<ServerId, Checked> checks = new LinkedHashMap<>(); // guarded by this

    /** @param writer one thread, owned from now on */
    Books(Store store, Function<ServerId, URI> endpoint, ExecutorService writer, ScheduledExecutorService timer) {
        this.store = store;
        this.endpoint = endpoint;
        this.behind = new WriteBehind("wishes and deployments", this::writeAll, writer, timer);
    }

    @Override
    public synchronized void save(ServerId server, Wish wish) {
        wishes.put(server, wish);
        behind.writeSoon();
    }

    synchronized void on(Event event) {
        if (event instanceof Event.PhaseChanged change) {
            phases.put(change.server(), new Seen(change.to(), change.at()));
            behind.writeSoon();
        } else if (event instanceof Event.HealthChanged change) {
            checks.put(change.server(), new Checked(change.to(), change.at()));
            behind.writeSoon();
        }
    }

    private void writeAll() {
        Map<ServerId, Wish> newWishes;
        Map<ServerId, Seen> newPhases;
        Map<ServerId, Checked> newChecks;
        synchronized (this) {
            newWishes = new LinkedHashMap<>(wishes);
            newPhases = new LinkedHashMap<>(phases);
            newChecks = new LinkedHashMap<>(checks);
        }
        newWishes.forEach(this::writeWish);
        newPhases.forEach(this::writePhase);
        newChecks.forEach(this::writeCheck);
    }

    private void writeWish(ServerId server, Wish wish) {
        store.saveWish(server, wish);
        synchronized (this) {
            wishes.remove(server, wish);
        }
    }

    private void writePhase(ServerId server, Seen seen) {
        Optional<Deployment.Status> status = status(seen.phase());
        status.ifPresent(known -> book(server, known, seen.at()));
        synchronized (this) {
            phases.remove(server, seen);
        }
    }

    private void writeCheck(ServerId server, Checked checked) {
        store.activeDeployment(server.value())
                .ifPresent(active -> store.checkDeployment(active.id(), checked.health(), checked.at()));
        synchronized (this) {
            checks.remove(server, checked);
        }
    }

    private void book(ServerId server, Deployment.Status status, Instant at) {
        Optional<Deployment> active = store.activeDeployment(server.value());
        if (active.isEmpty() && status.isOver()) {
            return;
        }
        Deployment deployment =
                active.orElseGet(() -> store.openDeployment(server, server.value(), endpoint.apply(server), at));
        if (deployment.status() != status) {
            store.updateDeployment(deployment.id(), status, at);
        }
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

package org.mcpservermanager.gateway;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Opens the stream of a request that takes a while, with an event to resume from: a client that loses the connection gets its answer
 * nevertheless, and nothing between sees a connection on which nothing happens.
 */
final class Priming {
    private static final Logger LOG = Logger.getLogger(Priming.class.getName());
    private static final long PATIENCE_MILLIS = 30;

    private final ScheduledExecutorService timer;
    private final AtomicBoolean armed = new AtomicBoolean();
    private volatile Set<Outlet> young = ConcurrentHashMap.newKeySet();
    private Set<Outlet> old = Set.of(); // touched by one look at a time

    Priming(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    void watch(Outlet outlet) {
        if (outlet.isPrimable() && outlet.isWaiting()) {
            young.add(outlet);
            arm();
        }
    }

    private void arm() {
        if (armed.compareAndSet(false, true)) {
            try {
                timer.schedule(this::look, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException closing) {
                LOG.log(Level.FINE, "no streams are opened early any more", closing);
            }
        }
    }

    /** Whoever waits since the look before last has waited long enough. */
    private void look() {
        Set<Outlet> due = old;
        old = young;
        young = ConcurrentHashMap.newKeySet();
        due.forEach(Priming::prime);
        old.removeIf(outlet -> !outlet.isWaiting());
        armed.set(false);
        if (!old.isEmpty() || !young.isEmpty()) {
            arm();
        }
    }

    private static void prime(Outlet outlet) {
        try {
            outlet.prime();
        } catch (RuntimeException gone) {
            LOG.log(Level.FINE, "the stream of a request could not be opened early", gone);
        }
    }
}

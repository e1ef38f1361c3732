package org.mcpservermanager.supervision;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.process.Meter;

/** Measures all servers from time to time, one look for all of them; sooner while one of them is above a limit. */
public final class ResourceWatch implements AutoCloseable {
    public static final Duration EVERY = Duration.ofSeconds(10);
    static final Duration SOON = Duration.ofSeconds(1);
    private static final Logger LOG = Logger.getLogger(ResourceWatch.class.getName());
    private final Servers servers;
    private final Meter meter;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final Duration every;
    private final Duration soon;
    private boolean closed; // guarded by this
    private Future<?> next; // guarded by this

    private ResourceWatch(
            Servers servers, Meter meter, Executor executor, ScheduledExecutorService timer, Duration every) {
        this.servers = servers;
        this.meter = meter;
        this.executor = executor;
        this.timer = timer;
        this.every = every;
        this.soon = every.compareTo(SOON) < 0 ? every : SOON;
    }

    /** @param executor runs the looks, which read files */
    public static ResourceWatch start(
            Servers servers, Meter meter, Executor executor, ScheduledExecutorService timer, Duration every) {
        ResourceWatch watch = new ResourceWatch(servers, meter, executor, timer, every);
        watch.lookIn(every);
        return watch;
    }

    private synchronized void lookIn(Duration delay) {
        if (closed) {
            return;
        }
        try {
            next = timer.schedule(() -> executor.execute(this::look), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException shuttingDown) {
            LOG.log(Level.FINE, "the manager is going down: nothing is measured any more", shuttingDown);
        }
    }

    private void look() {
        try {
            servers.measured(meter.read()).whenComplete((tense, failure) -> {
                if (failure != null) {
                    LOG.log(Level.WARNING, "what was measured could not be judged; the next look comes", failure);
                }
                lookIn(failure == null && tense ? soon : every);
            });
        } catch (RuntimeException failure) {
            LOG.log(Level.WARNING, "nothing could be measured; it is tried again in " + every, failure);
            lookIn(every);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (next != null) {
            next.cancel(false);
        }
    }
}

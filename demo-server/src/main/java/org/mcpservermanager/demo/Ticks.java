package org.mcpservermanager.demo;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A number that grows while somebody is subscribed to it; nothing runs otherwise. */
final class Ticks implements AutoCloseable {
    static final String URI = "demo://ticks";
    private final Rpc rpc;
    private final Duration interval;
    private final AtomicLong value = new AtomicLong();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(Ticks::thread);
    private volatile Future<?> ticking; // written by the reader thread

    Ticks(Rpc rpc, Duration interval) {
        this.rpc = rpc;
        this.interval = interval;
    }

    long value() {
        return value.get();
    }

    /** @return the new value; a subscriber is told */
    long advance() {
        long now = value.incrementAndGet();
        if (ticking != null) {
            rpc.tell("notifications/resources/updated", Json.object().with("uri", URI));
        }
        return now;
    }

    void subscribe() {
        if (ticking == null) {
            long nanos = interval.toNanos();
            ticking = timer.scheduleAtFixedRate(this::advance, nanos, nanos, TimeUnit.NANOSECONDS);
        }
    }

    void unsubscribe() {
        Future<?> running = ticking;
        ticking = null;
        if (running != null) {
            running.cancel(false);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "demo-ticks");
        thread.setDaemon(true);
        return thread;
    }
}

package org.mcpservermanager.manage;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Events;

/**
 * Takes events off the publisher's thread: the publisher only puts them into a bounded queue, one task at a time hands them on
 * in their order. What does not fit is dropped, and the sink is told how much before the next event.
 */
public final class EventQueue implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(EventQueue.class.getName());
    private static final int EVENTS_PER_RUN = 256;
    private final BlockingQueue<Runnable> waiting;
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicBoolean draining = new AtomicBoolean();
    private final Executor executor;
    private final Sink sink;
    private final Events.Subscription subscription;
    /** Written by the closer, read while draining. */
    private volatile boolean closed;

    /** Called by one thread at a time. */
    public interface Sink {
        void accept(Event event);

        void dropped(long events);
    }

    public EventQueue(Events events, Executor executor, int capacity, Sink sink) {
        this.executor = executor;
        this.sink = sink;
        this.waiting = new ArrayBlockingQueue<>(capacity);
        this.subscription = events.subscribe(this::offer);
    }

    /** Runs a task in line with the events, on the thread that hands them on; false when the queue is full. */
    public boolean run(Runnable task) {
        boolean taken = !closed && waiting.offer(task);
        schedule();
        return taken;
    }

    private void offer(Event event) {
        if (!run(() -> sink.accept(event))) {
            dropped.incrementAndGet();
        }
    }

    private void schedule() {
        if (closed || !draining.compareAndSet(false, true)) {
            return;
        }
        try {
            executor.execute(this::drain);
        } catch (RejectedExecutionException | OutOfMemoryError threadless) {
            draining.set(false);
            LOG.log(Level.FINE, "events wait for the next one because the executor takes no task", threadless);
        }
    }

    private void drain() {
        try {
            for (int i = 0; i < EVENTS_PER_RUN && !closed; i++) {
                Runnable next = waiting.poll();
                tellDropped();
                if (next == null) {
                    break;
                }
                next.run();
            }
        } catch (RuntimeException | Error failure) {
            LOG.log(Level.WARNING, "an event was not handed on", failure);
        } finally {
            draining.set(false);
        }
        if (!waiting.isEmpty()) {
            schedule();
        }
    }

    private void tellDropped() {
        long count = dropped.getAndSet(0);
        if (count > 0) {
            sink.dropped(count);
        }
    }

    @Override
    public void close() {
        closed = true;
        subscription.close();
        waiting.clear();
    }
}

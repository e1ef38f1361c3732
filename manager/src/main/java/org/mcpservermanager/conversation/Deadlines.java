package org.mcpservermanager.conversation;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Finds calls that are overdue. One timer task serves all calls of a conversation and exists only while there are some: a task
 * per call would take the timer's lock, which all servers share, twice per call.
 */
final class Deadlines {
    private static final long DELAY_NANOS_MIN = 1_000_000;

    private final OpenCalls calls;
    private final ScheduledExecutorService timer;
    private final long silenceNanos;
    private final Consumer<OpenCall> overdue;
    private final AtomicBoolean armed = new AtomicBoolean();

    Deadlines(OpenCalls calls, ScheduledExecutorService timer, long silenceNanos, Consumer<OpenCall> overdue) {
        this.calls = calls;
        this.timer = timer;
        this.silenceNanos = silenceNanos;
        this.overdue = overdue;
    }

    void callBegan() {
        if (!armed.get() && armed.compareAndSet(false, true)) {
            schedule(silenceNanos);
        }
    }

    private void schedule(long nanos) {
        try {
            Future<?> unused = timer.schedule(this::sweep, Math.max(nanos, DELAY_NANOS_MIN), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // the manager shuts down; whoever does that ends the conversation, which fails the calls
            armed.set(false);
        }
    }

    private void sweep() {
        // never longer, as a deadline can also come nearer: by that much at least it lies ahead
        long next = silenceNanos;
        long now = System.nanoTime();
        for (OpenCall call : calls.all()) {
            long left = call.nanosLeft(now);
            if (left <= 0) {
                overdue.accept(call);
            } else {
                next = Math.min(next, left);
            }
        }
        if (!calls.isEmpty()) {
            schedule(next);
            return;
        }
        armed.set(false);
        if (!calls.isEmpty()) {
            // one came in between and may have found it armed
            callBegan();
        }
    }
}

package org.mcpservermanager.gateway.modern;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Who is told when a task changes. Servers need not say anything of themselves (2025-11-25, basic/utilities/tasks, "Task Status
 * Notification"), so somebody looks while anybody listens. Guarded by this; nobody is called while holding it.
 */
final class TaskListeners {
    private final ScheduledExecutorService timer;
    private final Runnable look;
    private final Set<Runnable> listeners = new LinkedHashSet<>();
    private Future<?> next = CompletableFuture.completedFuture(null);
    private boolean looking;

    /** @param look asks how the task is, and calls {@link #lookAgain} unless it is over */
    TaskListeners(ScheduledExecutorService timer, Runnable look) {
        this.timer = timer;
        this.look = look;
    }

    void add(Runnable listener) {
        boolean isFirst;
        synchronized (this) {
            listeners.add(listener);
            isFirst = !looking;
            looking = true;
        }
        if (isFirst) {
            look.run();
        }
    }

    synchronized void remove(Runnable listener) {
        listeners.remove(listener);
        if (listeners.isEmpty() && next.cancel(false)) {
            looking = false;
        }
    }

    void lookAgain(Duration delay) {
        synchronized (this) {
            looking = !listeners.isEmpty();
            if (looking) {
                next = later(delay);
            }
        }
    }

    private Future<?> later(Duration delay) {
        try {
            return timer.schedule(look, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException shutDown) {
            return CompletableFuture.completedFuture(null); // the manager stops, and so does every listener
        }
    }

    void changed() {
        List<Runnable> told;
        synchronized (this) {
            told = List.copyOf(listeners);
        }
        told.forEach(Runnable::run);
    }
}

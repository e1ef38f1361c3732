package org.mcpservermanager.gateway;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A timer whose time passes only when the test says so; tasks run in the test's thread. */
final class VirtualTimer extends AbstractExecutorService implements ScheduledExecutorService {
    private final List<Task<?>> tasks = new ArrayList<>();
    private long now;
    private boolean shutdown;

    private final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {
        private long at;
        private final long period;

        private Task(Callable<V> body, long at, long period) {
            super(body);
            this.at = at;
            this.period = period;
        }

        private boolean fire() {
            return period == 0 ? runOnce() : runAndReset();
        }

        private boolean runOnce() {
            run();
            return false;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(at - now, TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }

    void advance(Duration by) {
        long end = now + by.toNanos();
        while (true) {
            Task<?> next = due(end);
            if (next == null) {
                break;
            }
            now = Math.max(now, next.at);
            if (!next.isCancelled() && next.fire()) {
                next.at = now + next.period;
                tasks.add(next);
            }
        }
        now = end;
    }

    private Task<?> due(long end) {
        Task<?> first =
                tasks.stream().min(Comparator.comparingLong(task -> task.at)).orElse(null);
        if (first == null || first.at > end) {
            return null;
        }
        tasks.remove(first);
        return first;
    }

    private <V> ScheduledFuture<V> add(Callable<V> body, long delay, long period, TimeUnit unit) {
        Task<V> task = new Task<>(body, now + unit.toNanos(delay), unit.toNanos(period));
        tasks.add(task);
        return task;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return add(java.util.concurrent.Executors.callable(command), delay, 0, unit);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        return add(callable, delay, 0, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long first, long period, TimeUnit unit) {
        return add(java.util.concurrent.Executors.callable(command), first, period, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long first, long delay, TimeUnit unit) {
        return add(java.util.concurrent.Executors.callable(command), first, delay, unit);
    }

    @Override
    public void execute(Runnable command) {
        command.run();
    }

    @Override
    public void shutdown() {
        shutdown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown = true;
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return shutdown;
    }
}

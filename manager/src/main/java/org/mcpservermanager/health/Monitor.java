package org.mcpservermanager.health;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Checks one copy, one check at a time, each when its owner says so, until it is closed. No thread waits for an answer: the timer
 * only hands over, and a check that hangs costs one of the places until its timeout. The owner calls from one thread at a time.
 */
public final class Monitor implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Monitor.class.getName());
    private static final double JITTER = 0.2;

    private final Probe probe;
    private final Duration timeout;
    private final Means means;
    private final Consumer<Finding> listener;
    private final AtomicReference<CompletableFuture<Optional<String>>> open =
            new AtomicReference<>(CompletableFuture.completedFuture(Optional.empty()));
    private Future<?> waiting = CompletableFuture.completedFuture(null); // only the owner's
    private volatile boolean closed;

    /**
     * What all monitors share.
     *
     * @param nanos monotonic clock
     */
    public record Means(
            CheckSlots slots,
            Executor executor,
            ScheduledExecutorService timer,
            LongSupplier nanos,
            DoubleSupplier random) {}

    /** @param listener told the finding of every check, on whatever thread; must not block */
    public Monitor(Probe probe, Duration timeout, Means means, Consumer<Finding> listener) {
        this.probe = probe;
        this.timeout = timeout;
        this.means = means;
        this.listener = listener;
    }

    /** Checks once, that much later or up to a fifth earlier, so that servers started together do not stay in step. */
    public void checkAfter(Duration pause) {
        if (closed) {
            return;
        }
        long nanos = (long) (pause.toNanos() * (1 - JITTER * means.random().getAsDouble()));
        try {
            waiting = means.timer().schedule(this::due, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException shuttingDown) {
            // The manager goes down and ends this server, which closes us.
            closed = true;
        }
    }

    @Override
    public void close() {
        closed = true;
        waiting.cancel(false);
        open.get().cancel(false);
        means.slots().release(this);
    }

    private void due() {
        means.slots().ask(this, () -> means.executor().execute(this::check));
    }

    private void check() {
        if (closed) {
            means.slots().release(this);
            return;
        }
        long begun = means.nanos().getAsLong();
        CompletableFuture<Optional<String>> answer = ask();
        open.set(answer);
        if (closed) {
            answer.cancel(false);
        }
        Future<?> limit = answer.isDone() ? answer : limit(answer);
        answer.whenComplete((issue, failure) -> {
            limit.cancel(false);
            means.slots().release(this);
            if (!closed) {
                listener.accept(
                        finding(issue, failure, Duration.ofNanos(means.nanos().getAsLong() - begun)));
            }
        });
    }

    private CompletableFuture<Optional<String>> ask() {
        try {
            return probe.check();
        } catch (RuntimeException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    private Future<?> limit(CompletableFuture<Optional<String>> answer) {
        try {
            return means.timer().schedule(() -> giveUp(answer), timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException shuttingDown) {
            closed = true;
            answer.cancel(false);
            return answer;
        }
    }

    private void giveUp(CompletableFuture<Optional<String>> answer) {
        answer.complete(Optional.of(probe.question() + " was not answered within " + timeout.toMillis() + " ms"));
    }

    private static Finding finding(Optional<String> issue, Throwable failure, Duration latency) {
        if (failure != null) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a health check could not be made; the server is left as it is",
                    failure);
            return new Finding.Undone("could not be checked: " + failure);
        }
        return issue.<Finding>map(Finding.Failed::new).orElseGet(() -> new Finding.Answered(latency));
    }
}

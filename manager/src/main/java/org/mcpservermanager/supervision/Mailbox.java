package org.mcpservermanager.supervision;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Runs tasks one after the other, in order, on whatever thread the executor has; no lock is held while a task runs. While the
 * executor takes nothing they wait, and whoever posts never notices.
 */
final class Mailbox implements Executor {
    static final long RETRY_MILLIS = 1000;
    private static final Logger LOG = Logger.getLogger(Mailbox.class.getName());

    private enum State {
        IDLE,
        /** The executor was asked for a thread, or will be by the timer. */
        ASKED,
        DRAINING
    }

    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
    private final Executor executor;
    private final Executor later;

    Mailbox(Executor executor, ScheduledExecutorService timer) {
        this(executor, retry -> timer.schedule(retry, RETRY_MILLIS, TimeUnit.MILLISECONDS));
    }

    /** With the JDK's own timer. */
    Mailbox(Executor executor) {
        this(executor, CompletableFuture.delayedExecutor(RETRY_MILLIS, TimeUnit.MILLISECONDS, Runnable::run));
    }

    private Mailbox(Executor executor, Executor later) {
        this.executor = executor;
        this.later = later;
    }

    @Override
    public void execute(Runnable task) {
        inbox.add(task);
        ask();
    }

    private void ask() {
        if (!inbox.isEmpty() && state.compareAndSet(State.IDLE, State.ASKED)) {
            handOver();
        }
    }

    private void handOver() {
        try {
            executor.execute(this::drain);
        } catch (RejectedExecutionException goingDown) {
            LOG.log(Level.FINE, "a server's supervisor gets no thread any more", goingDown);
            waitForTheNextPost();
        } catch (OutOfMemoryError threadless) {
            LOG.log(Level.WARNING, "a server's supervisor gets no thread; it is tried again", threadless);
            handOverLater();
        }
    }

    private void handOverLater() {
        try {
            later.execute(this::handOver);
        } catch (RejectedExecutionException | OutOfMemoryError timerless) {
            waitForTheNextPost();
        }
    }

    private void waitForTheNextPost() {
        state.compareAndSet(State.ASKED, State.IDLE);
    }

    /** An executor may fail when it has taken its task already: whoever comes second finds nothing to do. */
    private void drain() {
        if (!state.compareAndSet(State.ASKED, State.DRAINING)) {
            return;
        }
        try {
            for (Runnable task = inbox.poll(); task != null; task = inbox.poll()) {
                run(task);
            }
        } finally {
            state.set(State.IDLE);
            ask();
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error failure) {
            LOG.log(Level.SEVERE, "supervision step failed; the server's supervisor goes on", failure);
        }
    }
}

package org.mcpservermanager.store;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.server.Event;

/**
 * Writes changes of phase to the database behind the back of whoever publishes them: publishing costs a short lock, whatever the
 * database does. While it is away, the newest transitions wait; the oldest are dropped, and counted.
 */
public final class HistoryWriter implements Consumer<Event>, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(HistoryWriter.class.getName());
    private static final int WAITING_MAX = 10_000;
    private static final int BATCH_MAX = 200;
    private static final int RETRY_SECONDS_MAX = 30;
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);
    private final Consumer<List<Transition>> database;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final int waitingMax;
    private final Object inbox = new Object();
    private final Deque<Transition> waiting = new ArrayDeque<>(); // guarded by inbox
    private Future<?> retry; // guarded by inbox; null: none is due
    private boolean draining; // guarded by inbox: a drain runs, or a retry is due
    private boolean overflowing; // guarded by inbox
    private boolean closed; // guarded by inbox
    private long dropped; // guarded by inbox
    private int failures; // written only while draining

    /**
     * @param database writes one batch in one transaction, e.g. {@code store::appendHistory}
     * @param executor where writing happens, one batch at a time
     * @param timer for retries
     */
    public HistoryWriter(Consumer<List<Transition>> database, Executor executor, ScheduledExecutorService timer) {
        this(database, executor, timer, WAITING_MAX);
    }

    HistoryWriter(
            Consumer<List<Transition>> database, Executor executor, ScheduledExecutorService timer, int waitingMax) {
        this.database = database;
        this.executor = executor;
        this.timer = timer;
        this.waitingMax = waitingMax;
    }

    @Override
    public void accept(Event event) {
        if (event instanceof Event.PhaseChanged changed) {
            add(Transition.of(changed));
        }
    }

    /** Transitions that never reached the database. */
    public long dropped() {
        synchronized (inbox) {
            return dropped;
        }
    }

    /** Transitions on their way. */
    public int waiting() {
        synchronized (inbox) {
            return waiting.size();
        }
    }

    private void add(Transition transition) {
        boolean overflowBegins;
        boolean start;
        synchronized (inbox) {
            if (closed) {
                dropped++;
                return;
            }
            waiting.addLast(transition);
            overflowBegins = trim();
            start = !draining;
            draining = true;
        }
        if (overflowBegins) {
            LOG.log(
                    Level.WARNING,
                    "history: more than {0} changes wait for the database; the oldest are dropped",
                    waitingMax);
        }
        if (start) {
            execute();
        }
    }

    /** @return true when this is the first loss since the queue was last empty */
    private boolean trim() {
        boolean begins = waiting.size() > waitingMax && !overflowing;
        while (waiting.size() > waitingMax) {
            waiting.removeFirst();
            dropped++;
            overflowing = true;
        }
        return begins;
    }

    private void execute() {
        synchronized (inbox) {
            retry = null;
        }
        try {
            executor.execute(this::drain);
        } catch (RejectedExecutionException e) {
            stopDraining();
            LOG.log(Level.WARNING, "history: nothing is written any more, the executor has ended", e);
        }
    }

    private void drain() {
        boolean goesOn = false;
        try {
            List<Transition> batch = next();
            while (!batch.isEmpty() && write(batch)) {
                batch = next();
            }
            goesOn = batch.isEmpty() || retryLater(batch);
        } finally {
            if (!goesOn) {
                stopDraining();
            }
        }
    }

    /** Empty at the end, and then the drain is over: whatever comes next starts another. */
    private List<Transition> next() {
        synchronized (inbox) {
            List<Transition> batch = new ArrayList<>();
            while (batch.size() < BATCH_MAX && !waiting.isEmpty()) {
                batch.add(waiting.removeFirst());
            }
            if (batch.isEmpty()) {
                overflowing = false;
                stopDraining();
            }
            return batch;
        }
    }

    private void stopDraining() {
        synchronized (inbox) {
            draining = false;
            inbox.notifyAll();
        }
    }

    private boolean write(List<Transition> batch) {
        try {
            database.accept(List.copyOf(batch));
        } catch (RuntimeException failure) {
            if (failures++ == 0) {
                LOG.log(
                        Level.WARNING,
                        "history: the database does not take changes; trying again until it does",
                        failure);
            }
            return false;
        }
        if (failures > 0) {
            LOG.log(Level.INFO, "history: the database takes changes again, after {0} failures", failures);
            failures = 0;
        }
        return true;
    }

    /** @return false when there is no later */
    private boolean retryLater(List<Transition> batch) {
        long delay = Math.min(RETRY_SECONDS_MAX, 1L << Math.min(failures - 1, 5));
        synchronized (inbox) {
            for (int i = batch.size() - 1; i >= 0; i--) {
                waiting.addFirst(batch.get(i));
            }
            trim();
            if (closed) {
                return false;
            }
            try {
                retry = timer.schedule(this::execute, delay, TimeUnit.SECONDS);
                return true;
            } catch (RejectedExecutionException e) {
                LOG.log(Level.WARNING, "history: nothing is written any more, the timer has ended", e);
                return false;
            }
        }
    }

    /** Takes no more, writes what waits if the database takes it within 5 s, and says what was lost. */
    @Override
    public void close() {
        boolean retryNow;
        synchronized (inbox) {
            closed = true;
            retryNow = retry != null && retry.cancel(false);
        }
        if (retryNow) {
            execute();
        }
        int lost = awaitDrained();
        if (lost > 0) {
            LOG.log(Level.WARNING, "history: {0} changes were not written before the end", lost);
        }
    }

    private int awaitDrained() {
        long deadline = System.nanoTime() + LAST_WORDS.toNanos();
        synchronized (inbox) {
            try {
                long left = deadline - System.nanoTime();
                while (draining && left > 0) {
                    TimeUnit.NANOSECONDS.timedWait(inbox, left);
                    left = deadline - System.nanoTime();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return waiting.size();
        }
    }
}

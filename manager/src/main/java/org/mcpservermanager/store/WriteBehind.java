package org.mcpservermanager.store;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Runs one write after changes, on a thread of its own, again and again until the database has taken it. */
public final class WriteBehind implements AutoCloseable {
    private enum State {
        IDLE,
        GATHERING,
        QUEUED
    }

    private static final Logger LOG = Logger.getLogger(WriteBehind.class.getName());
    /** Changes come in bursts, and a transaction costs more than a change. */
    private static final long GATHER_MILLIS = 250;

    private static final int RETRY_SECONDS_MAX = 30;
    private static final int LAST_WORDS_SECONDS = 5;

    private final String what;
    private final Runnable write;
    private final ExecutorService writer;
    private final ScheduledExecutorService timer;
    private State state = State.IDLE; // guarded by this
    private int failures; // guarded by this: in a row
    private boolean closed; // guarded by this

    /**
     * @param what is written, in the plural, for the log
     * @param write takes all that waits when it begins; fails with a RuntimeException when the database does
     * @param writer one thread, owned from now on
     * @param timer for what may wait, and for retries
     */
    public WriteBehind(String what, Runnable write, ExecutorService writer, ScheduledExecutorService timer) {
        this.what = what;
        this.write = write;
        this.writer = writer;
        this.timer = timer;
    }

    /** Something waits to be written, together with what comes within a quarter of a second. */
    public synchronized void writeSoon() {
        if (state == State.IDLE && !closed) {
            later(GATHER_MILLIS);
        }
    }

    /** Something waits to be written, together with what comes until the writer is free. While the database fails, with the next try. */
    public synchronized void writeNow() {
        if (failures > 0) {
            writeSoon();
        } else if (state != State.QUEUED && !closed) {
            queue();
        }
    }

    private synchronized void later(long millis) {
        state = State.GATHERING;
        try {
            timer.schedule(this::gathered, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException ended) {
            LOG.log(Level.WARNING, what + ": written only at the end from now on, the timer has ended", ended);
        }
    }

    private synchronized void gathered() {
        if (state == State.GATHERING && !closed) {
            queue();
        }
    }

    private synchronized void queue() {
        state = State.QUEUED;
        writer.execute(this::write);
    }

    private void write() {
        synchronized (this) {
            state = State.IDLE;
        }
        try {
            write.run();
            succeeded();
        } catch (RuntimeException failure) {
            failed(failure);
        }
    }

    private synchronized void succeeded() {
        if (failures > 0) {
            LOG.log(Level.INFO, "the database takes {0} again, after {1} failures", new Object[] {what, failures});
            failures = 0;
        }
    }

    private synchronized void failed(RuntimeException failure) {
        if (failures++ == 0) {
            LOG.log(Level.WARNING, "the database does not take " + what + "; trying again until it does", failure);
        }
        if (!closed) {
            later(1_000L * Math.min(RETRY_SECONDS_MAX, 1 << Math.min(failures - 1, 5)));
        }
    }

    /** Writes what waits, if the database takes it within 5 s. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            writer.execute(this::write);
        }
        writer.shutdown();
        try {
            if (!writer.awaitTermination(LAST_WORDS_SECONDS, TimeUnit.SECONDS)) {
                LOG.warning("the database did not take the last " + what + " in time");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

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
        /** Waits for a moment without changes. */
        GATHERING,
        /** Waits for a fixed time, after a write that is followed by another, or one that failed. */
        RESTING,
        QUEUED,
        WRITING
    }

    private static final Logger LOG = Logger.getLogger(WriteBehind.class.getName());
    /** Changes come in bursts, and a transaction costs more than a change: it waits for a moment in which there is none. */
    private static final long MOMENT_MILLIS = 100;

    private static final int MOMENTS_MAX = 20;
    /** More changes than that are a burst, as of many starts: what they wait for may take longer than a moment. */
    private static final int BURST = 20;

    private static final int QUIET_MOMENTS = 10;
    private static final int RETRY_SECONDS_MAX = 30;
    private static final int LAST_WORDS_SECONDS = 5;

    private final String what;
    private final Runnable write;
    private final ExecutorService writer;
    private final ScheduledExecutorService timer;
    private State state = State.IDLE; // guarded by this
    private boolean more; // guarded by this: came since the last moment, or write, began
    private boolean urgent; // guarded by this: some of it cannot wait
    private int moments; // guarded by this
    private int quiet; // guarded by this: moments
    private int changes; // guarded by this: since the last write
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

    /**
     * Something waits to be written, when 100 ms went by without anything new, after many changes one second, and after two seconds
     * whatever comes.
     */
    public synchronized void writeSoon() {
        more = true;
        changes++;
        if (state == State.IDLE && !closed) {
            gather();
        }
    }

    /** Something waits to be written: at once, or 100 ms after the last write. While the database fails, with the next try. */
    public synchronized void writeNow() {
        more = true;
        urgent = true;
        if ((state == State.IDLE || state == State.GATHERING) && !closed) {
            queue();
        }
    }

    private void gather() {
        state = State.GATHERING;
        more = false;
        moments = 0;
        quiet = 0;
        later(MOMENT_MILLIS);
    }

    private void rest(long millis) {
        state = State.RESTING;
        later(millis);
    }

    private void later(long millis) {
        try {
            timer.schedule(this::timeWentBy, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException ended) {
            LOG.log(Level.WARNING, what + ": written only at the end from now on, the timer has ended", ended);
        }
    }

    private synchronized void timeWentBy() {
        if (closed) {
            return;
        }
        quiet = more ? 0 : quiet + 1;
        boolean isOver = quiet >= (changes > BURST ? QUIET_MOMENTS : 1) || ++moments >= MOMENTS_MAX;
        if (state == State.GATHERING && !isOver) {
            more = false;
            later(MOMENT_MILLIS);
        } else if (state == State.GATHERING || state == State.RESTING) {
            queue();
        }
    }

    private void queue() {
        state = State.QUEUED;
        writer.execute(this::write);
    }

    private void write() {
        synchronized (this) {
            state = State.WRITING;
            more = false;
            urgent = false;
            changes = 0;
        }
        try {
            write.run();
            succeeded();
        } catch (RuntimeException | Error failure) {
            failed(failure);
        }
    }

    private synchronized void succeeded() {
        if (failures > 0) {
            LOG.log(Level.INFO, "the database takes {0} again, after {1} failures", new Object[] {what, failures});
            failures = 0;
        }
        state = State.IDLE;
        if (urgent && !closed) {
            rest(MOMENT_MILLIS);
        } else if (more && !closed) {
            gather();
        }
    }

    private synchronized void failed(Throwable failure) {
        if (failures++ == 0) {
            LOG.log(Level.WARNING, "the database does not take " + what + "; trying again until it does", failure);
        }
        if (!closed) {
            rest(1_000L * Math.min(RETRY_SECONDS_MAX, 1 << Math.min(failures - 1, 5)));
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

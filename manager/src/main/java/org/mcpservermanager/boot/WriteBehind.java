package org.mcpservermanager.boot;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Runs one write after changes, on a thread of its own, again and again until the database has taken it. */
final class WriteBehind implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(WriteBehind.class.getName());
    private static final int RETRY_SECONDS = 5;
    private static final int LAST_WORDS_SECONDS = 5;

    private final String what;
    private final Runnable write;
    private final ExecutorService writer;
    private final ScheduledExecutorService timer;
    private boolean due; // guarded by this
    private boolean failing; // only on the writer's thread

    /**
     * @param what is written, in the plural, for the log
     * @param write takes all that waits when it begins; fails with a RuntimeException when the database does
     * @param writer one thread, owned from now on
     */
    WriteBehind(String what, Runnable write, ExecutorService writer, ScheduledExecutorService timer) {
        this.what = what;
        this.write = write;
        this.writer = writer;
        this.timer = timer;
    }

    /** Something waits to be written. */
    synchronized void writeSoon() {
        if (due) {
            return;
        }
        try {
            writer.execute(this::write);
            due = true;
        } catch (RejectedExecutionException closed) {
            LOG.log(Level.WARNING, "the manager is closed; late " + what + " are not written", closed);
        }
    }

    private void write() {
        synchronized (this) {
            due = false;
        }
        try {
            write.run();
            if (failing) {
                LOG.info("the database takes " + what + " again");
            }
            failing = false;
        } catch (RuntimeException failure) {
            if (!failing) {
                LOG.log(Level.WARNING, "the database does not take " + what + "; trying again until it does", failure);
            }
            failing = true;
            timer.schedule(this::writeSoon, RETRY_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Writes what waits, if the database takes it in time. */
    @Override
    public void close() {
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

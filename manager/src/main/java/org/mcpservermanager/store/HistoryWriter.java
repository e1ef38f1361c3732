package org.mcpservermanager.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
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
    private final Consumer<List<Transition>> database;
    private final WriteBehind behind;
    private final int waitingMax;
    private final Object inbox = new Object();
    private final Deque<Transition> waiting = new ArrayDeque<>(); // guarded by inbox
    private boolean overflowing; // guarded by inbox
    private boolean closed; // guarded by inbox
    private long dropped; // guarded by inbox

    /**
     * @param database writes one batch in one transaction, e.g. {@code store::appendHistory}
     * @param writer one thread, owned from now on
     * @param timer for batches and retries
     */
    public HistoryWriter(Consumer<List<Transition>> database, ExecutorService writer, ScheduledExecutorService timer) {
        this(database, writer, timer, WAITING_MAX);
    }

    HistoryWriter(
            Consumer<List<Transition>> database,
            ExecutorService writer,
            ScheduledExecutorService timer,
            int waitingMax) {
        this.database = database;
        this.behind = new WriteBehind("changes of phase", this::writeAll, writer, timer);
        this.waitingMax = waitingMax;
    }

    @Override
    public void accept(Event event) {
        if (event instanceof Event.PhaseChanged changed) {
            add(Transition.of(changed));
        }
    }

    /** Transitions that never reached the database. */
    long dropped() {
        synchronized (inbox) {
            return dropped;
        }
    }

    /** Transitions on their way. */
    int waiting() {
        synchronized (inbox) {
            return waiting.size();
        }
    }

    private void add(Transition transition) {
        boolean overflowBegins;
        synchronized (inbox) {
            if (closed) {
                dropped++;
                return;
            }
            waiting.addLast(transition);
            overflowBegins = trim();
        }
        if (overflowBegins) {
            LOG.log(
                    Level.WARNING,
                    "history: more than {0} changes wait for the database; the oldest are dropped",
                    waitingMax);
        }
        behind.writeSoon();
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

    private void writeAll() {
        for (List<Transition> batch = next(); !batch.isEmpty(); batch = next()) {
            write(batch);
        }
    }

    private List<Transition> next() {
        synchronized (inbox) {
            List<Transition> batch = new ArrayList<>();
            while (batch.size() < BATCH_MAX && !waiting.isEmpty()) {
                batch.add(waiting.removeFirst());
            }
            overflowing &= !batch.isEmpty();
            return batch;
        }
    }

    private void write(List<Transition> batch) {
        try {
            database.accept(List.copyOf(batch));
        } catch (RuntimeException failure) {
            synchronized (inbox) {
                for (int i = batch.size() - 1; i >= 0; i--) {
                    waiting.addFirst(batch.get(i));
                }
                trim();
            }
            throw failure;
        }
    }

    /** Takes no more, writes what waits if the database takes it in time, and says what was lost. */
    @Override
    public void close() {
        synchronized (inbox) {
            closed = true;
        }
        behind.close();
        int lost = waiting();
        if (lost > 0) {
            LOG.log(Level.WARNING, "history: {0} changes were not written before the end", lost);
        }
    }
}

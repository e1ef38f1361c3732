package org.mcpservermanager.gateway.modern;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;

/**
 * Tells one reader how a task is, until it is over: the latest state, when there is another than the one before, and none while the
 * reader has not read what it was told. Guarded by this; nobody is called while holding it.
 */
public final class TaskWatch implements AutoCloseable {
    /** Servers change several things at once; also the least time between two notifications. */
    static final Duration PAUSE = Duration.ofMillis(50);
    /** Until a reader that is behind is looked at again. */
    static final Duration PAUSE_BEHIND = Duration.ofMillis(500);

    private final ScheduledExecutorService timer;
    private final Watched task;
    private final Runnable onChange = this::changed; // the same each time, so that it can be removed
    private Reader reader;
    private String told = ""; // only for the one that tells
    private boolean due; // somebody tells, or is about to
    private boolean again; // something changed since somebody began to tell
    private boolean closed;

    /** A task that somebody may want to hear of. */
    public interface Watched {
        /** What the client calls it. */
        String name();

        /** How it is, as params of a notification, raw JSON; empty while nobody knows. */
        String news();

        boolean isOver();

        /** @param listener called when it may have changed; must not block */
        void listen(Runnable listener);

        void unlisten(Runnable listener);
    }

    /** Whom it is told. */
    public interface Reader {
        /** Whether there is something that it was told and did not read. */
        boolean isBehind();

        /** Must not block. */
        void tell(Message notification);
    }

    public TaskWatch(ScheduledExecutorService timer, Watched task) {
        this.timer = timer;
        this.task = task;
    }

    /** What the client calls the task. */
    public String name() {
        return task.name();
    }

    /** Tells how the task is now, and from then on. */
    public void begin(Reader one) {
        synchronized (this) {
            reader = one;
        }
        changed();
        task.listen(onChange);
        if (isClosed()) {
            task.unlisten(onChange);
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void changed() {
        synchronized (this) {
            again = true;
            if (due || closed) {
                return;
            }
            due = true;
        }
        later(PAUSE);
    }

    private void later(Duration pause) {
        try {
            timer.schedule(this::tell, pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException shutDown) {
            close(); // the manager stops, and every subscription with it
        }
    }

    private void tell() {
        boolean isBehind = reader().isBehind();
        synchronized (this) {
            if (closed) {
                return;
            }
            again = isBehind;
        }
        if (!isBehind) {
            boolean last = task.isOver();
            String news = task.news();
            if (!news.isEmpty() && !news.equals(told)) {
                told = news;
                reader().tell(Message.notification(Method.TASKS, news));
            }
            if (last) {
                close();
            }
        }
        synchronized (this) {
            due = again && !closed;
            if (!due) {
                return;
            }
        }
        later(isBehind ? PAUSE_BEHIND : PAUSE);
    }

    private synchronized Reader reader() {
        return reader;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        task.unlisten(onChange);
    }
}

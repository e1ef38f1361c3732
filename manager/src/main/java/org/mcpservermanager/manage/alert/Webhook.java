package org.mcpservermanager.manage.alert;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.manage.EventJson;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.server.Phase;

/**
 * Posts alerts, and servers that were given up, to one URL: one at a time in their order, from a bounded queue, each some times.
 * The publisher only fills the queue; what does not fit is dropped and counted in the log.
 */
public final class Webhook implements AutoCloseable {
    static final int WAITING_MAX = 256;
    static final int ATTEMPTS_MAX = 5;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Logger LOG = Logger.getLogger(Webhook.class.getName());
    private final WebhookUrl url;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final Duration firstPause;
    private final BlockingQueue<Event> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicBoolean sending = new AtomicBoolean();
    private final Events.Subscription subscription;
    private int attempts; // touched only by whoever holds sending
    /** Written by the closer, read between two attempts. */
    private volatile boolean closed;

    /** @param executor runs the attempts, which block for some seconds when the other side is slow */
    public Webhook(Events events, WebhookUrl url, Executor executor, ScheduledExecutorService timer) {
        this(events, url, executor, timer, FIRST_PAUSE);
    }

    Webhook(Events events, WebhookUrl url, Executor executor, ScheduledExecutorService timer, Duration firstPause) {
        this.url = url;
        this.executor = executor;
        this.timer = timer;
        this.firstPause = firstPause;
        this.subscription = events.subscribe(this::offer);
    }

    private void offer(Event event) {
        boolean wanted = event instanceof Event.Alert
                || (event instanceof Event.PhaseChanged changed
                        && (changed.to() == Phase.PARKED || changed.to() == Phase.FATAL));
        if (!wanted || closed) {
            return;
        }
        if (!waiting.offer(event)) {
            dropped.incrementAndGet();
        }
        send();
    }

    private void send() {
        if (closed || waiting.isEmpty() || !sending.compareAndSet(false, true)) {
            return;
        }
        submit();
    }

    private void submit() {
        try {
            executor.execute(this::attempt);
        } catch (RejectedExecutionException goingDown) {
            sending.set(false);
            LOG.log(Level.FINE, "alerts are not posted any more", goingDown);
        } catch (OutOfMemoryError threadless) {
            LOG.log(Level.FINE, "there is no thread to post an alert with; it is tried again", threadless);
            submitIn(firstPause.toMillis());
        }
    }

    private void attempt() {
        Event event = waiting.peek();
        Post.Outcome outcome = event == null || closed ? Post.Outcome.REFUSED : tried(event);
        if (outcome == Post.Outcome.LATER && !closed) {
            pause();
            return;
        }
        waiting.poll();
        attempts = 0;
        sending.set(false);
        send();
    }

    private Post.Outcome tried(Event event) {
        attempts++;
        String trouble;
        Post.Outcome outcome;
        try {
            int status = Post.send(url, EventJson.of(event).toString(), timer);
            outcome = Post.outcome(status);
            trouble = "HTTP status " + status;
        } catch (IOException | RuntimeException | Error failure) {
            // Not its message: that may repeat the URL.
            outcome = Post.Outcome.LATER;
            trouble = failure.getClass().getSimpleName();
        }
        boolean last = attempts >= ATTEMPTS_MAX;
        if (outcome == Post.Outcome.DELIVERED) {
            tellDropped();
        } else if (outcome == Post.Outcome.REFUSED || last) {
            LOG.warning(event.type() + " of \"" + event.server() + "\" was not taken by " + url + ": " + trouble
                    + " (expected: a status of 200 to 299; redirects are not followed), attempt " + attempts);
        }
        return last && outcome == Post.Outcome.LATER ? Post.Outcome.REFUSED : outcome;
    }

    private void tellDropped() {
        long count = dropped.getAndSet(0);
        if (count > 0) {
            LOG.warning(count + " alerts were not posted to " + url + ": more than " + WAITING_MAX + " were waiting");
        }
    }

    /** 1, 2, 4, 8 seconds. */
    private void pause() {
        submitIn(firstPause.toMillis() << (attempts - 1));
    }

    private void submitIn(long millis) {
        try {
            timer.schedule(this::submit, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException | OutOfMemoryError timerless) {
            // the next alert tries again, unless the manager goes down
            sending.set(false);
            LOG.log(Level.FINE, "an alert waits for the next one", timerless);
        }
    }

    @Override
    public void close() {
        closed = true;
        subscription.close();
        waiting.clear();
    }
}

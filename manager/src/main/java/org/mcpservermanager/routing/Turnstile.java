package org.mcpservermanager.routing;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.Quota;

/** Keeps the requests to one copy of a server within its quota: some wait for their turn, in order, and for a bounded time. */
final class Turnstile {
    static final int WAITING_MAX = 1000;
    private final String server;
    private final LongSupplier nanoTime;
    private final Deque<CompletableFuture<Void>> waiting = new ArrayDeque<>(); // guarded by this
    private int inside; // guarded by this
    private long nextAt; // guarded by this; when the next request may be sent

    Turnstile(String server, LongSupplier nanoTime) {
        this.server = server;
        this.nanoTime = nanoTime;
        this.nextAt = nanoTime.getAsLong();
    }

    /** Completes when it is this one's turn, who must {@link #leave} then; fails with a ProblemException. */
    CompletionStage<Void> enter(Quota quota, Duration patience) {
        long delay = quota.perSecond() == 0 ? 0 : delay(quota.perSecond(), patience.toNanos());
        if (delay < 0) {
            return CompletableFuture.failedFuture(
                    new ProblemException(tooMany(quota.perSecond() + " requests a second", patience)));
        }
        return delay == 0
                ? takeTurn(quota, patience)
                : new CompletableFuture<Void>()
                        .completeOnTimeout(null, delay, TimeUnit.NANOSECONDS)
                        .thenCompose(due -> takeTurn(quota, patience));
    }

    /** Until this request may be sent; negative when that is too long. A second's worth may come at once. */
    private synchronized long delay(int perSecond, long patience) {
        long now = nanoTime.getAsLong();
        long interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long at = Math.max(nextAt, now - (perSecond - 1) * interval);
        if (at - now > patience) {
            return -1;
        }
        nextAt = at + interval;
        return Math.max(0, at - now);
    }

    private CompletionStage<Void> takeTurn(Quota quota, Duration patience) {
        CompletableFuture<Void> turn = new CompletableFuture<>();
        synchronized (this) {
            if (quota.concurrentMax() == 0 || inside < quota.concurrentMax()) {
                inside++;
                return CompletableFuture.completedFuture(null);
            }
            waiting.removeIf(CompletableFuture::isDone);
            if (waiting.size() < WAITING_MAX && !patience.isZero()) {
                waiting.add(turn);
            } else {
                turn.cancel(false);
            }
        }
        return turn.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS).handle((given, late) -> {
            if (late != null) {
                throw new ProblemException(tooMany(quota.concurrentMax() + " requests at a time", patience));
            }
            return null;
        });
    }

    /** The place goes to the first who still waits. */
    void leave() {
        while (true) {
            CompletableFuture<Void> next;
            synchronized (this) {
                next = waiting.poll();
                if (next == null) {
                    inside--;
                    return;
                }
            }
            if (next.complete(null)) {
                return;
            }
        }
    }

    private Problem tooMany(String allowed, Duration patience) {
        return new Problem(
                Problem.TOO_MANY_REQUESTS,
                "server '" + server + "' takes " + allowed + ", and there was no turn within " + patience.toMillis()
                        + " ms",
                "Retry later, or raise max_concurrent_requests or request_rate_limit of the server.");
    }
}

package org.mcpservermanager.supervision;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** An alarm for a copy that is starting. It looks at the copy at half time and at the end, and says whether it moved between. */
final class StartWatch {
    private final Copy copy;
    private final long windowMillis;
    private final Consumer<Boolean> atEnd;
    private volatile CompletableFuture<StartProgress> atHalfTime =
            CompletableFuture.completedFuture(StartProgress.NONE); // set by the timer

    private StartWatch(Copy copy, long windowMillis, Consumer<Boolean> atEnd) {
        this.copy = copy;
        this.windowMillis = windowMillis;
        this.atEnd = atEnd;
    }

    /** @return cancels the alarm */
    static Future<?> over(Copy copy, long delayMillis, ScheduledExecutorService timer, Consumer<Boolean> atEnd) {
        StartWatch watch = new StartWatch(copy, delayMillis - delayMillis / 2, atEnd);
        CompletableFuture<Void> cancelled = new CompletableFuture<>();
        try {
            Future<?> half = timer.schedule(watch::halfTime, delayMillis / 2, TimeUnit.MILLISECONDS);
            Future<?> end = timer.schedule(watch::end, delayMillis, TimeUnit.MILLISECONDS);
            cancelled.whenComplete((none, cancel) -> {
                half.cancel(false);
                end.cancel(false);
            });
        } catch (RejectedExecutionException shuttingDown) {
            cancelled.complete(null);
        }
        return cancelled;
    }

    private void halfTime() {
        atHalfTime = copy.progress();
    }

    private void end() {
        atHalfTime
                .thenCombine(copy.progress(), (earlier, now) -> now.movedSince(earlier, windowMillis))
                .whenComplete((moved, failure) -> atEnd.accept(failure == null && moved));
    }
}

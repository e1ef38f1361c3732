package org.mcpservermanager.gateway.modern;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** The time without a further question after which the client is told what was asked. Guarded by its owner. */
final class Quiet {
    private final ScheduledExecutorService timer;
    private long began; // counts its beginnings
    private Future<?> alarm = CompletableFuture.completedFuture(null);

    Quiet(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    /** @param over called without the guard, with what {@link #isLast} is to be asked, as it may have begun anew meanwhile */
    void begin(Duration length, LongConsumer over) {
        long now = ++began;
        alarm.cancel(false);
        alarm = timer.schedule(() -> over.accept(now), length.toMillis(), TimeUnit.MILLISECONDS);
    }

    boolean isLast(long beginning) {
        return beginning == began;
    }

    void cancel() {
        alarm.cancel(false);
    }
}

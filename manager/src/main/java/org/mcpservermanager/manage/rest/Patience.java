package org.mcpservermanager.manage.rest;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits for an operation without a thread and not for ever; what follows runs on the executor, never on the operation's thread. */
record Patience(ScheduledExecutorService executor) {
    <T> CompletableFuture<T> within(Duration limit, Supplier<CompletionStage<T>> operation, Supplier<T> whenLate) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        Future<?> alarm = executor.schedule(() -> complete(outcome, whenLate), limit.toMillis(), TimeUnit.MILLISECONDS);
        begin(operation)
                .whenCompleteAsync(
                        (value, failure) -> {
                            alarm.cancel(false);
                            if (failure == null) {
                                outcome.complete(value);
                            } else {
                                outcome.completeExceptionally(failure);
                            }
                        },
                        executor);
        return outcome;
    }

    /** An operation that throws has failed like one whose stage fails. */
    static <T> CompletionStage<T> begin(Supplier<CompletionStage<T>> operation) {
        try {
            return operation.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private static <T> void complete(CompletableFuture<T> outcome, Supplier<T> whenLate) {
        try {
            outcome.complete(whenLate.get());
        } catch (RuntimeException e) {
            outcome.completeExceptionally(e);
        }
    }
}

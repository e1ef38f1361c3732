package org.mcpservermanager.supervision;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.server.Problem;

/** How the processes of a copy leave: whoever hears that nothing is left heard before how it ended, and what is known to escape. */
final class Departure {
    /** The system tells of an exit at once; should it not, nobody waits for ever. */
    private static final long NEWS_LIMIT_MILLIS = 1_000;

    private final boolean hasExit;
    private final Consumer<List<Long>> onEscaped;
    private final CompletableFuture<Void> emptied = new CompletableFuture<>();
    private final CompletableFuture<Boolean> beforeProcess = new CompletableFuture<>();
    private final CompletableFuture<Void> exitTold = new CompletableFuture<>();

    /** @param hasExit whether there is a process that ends, so that there is news of it */
    Departure(boolean hasExit, Consumer<List<Long>> onEscaped) {
        this.hasExit = hasExit;
        this.onEscaped = onEscaped;
    }

    /** Completes when no process of the copy lives and none will come. */
    CompletableFuture<Void> emptied() {
        return emptied;
    }

    /** For those who end the copy before its process exists: as {@link #stop}. */
    CompletableFuture<Boolean> beforeProcess() {
        return beforeProcess;
    }

    /** And none will. */
    void nothingCame() {
        emptied.complete(null);
        beforeProcess.complete(true);
    }

    /** The process is the copy's last. */
    void follow(Child running) {
        running.treeEmpty().thenCompose(none -> exitNews()).thenRun(() -> {
            tellEscaped(running);
            emptied.complete(null);
        });
    }

    void exitWasTold() {
        exitTold.complete(null);
    }

    void tellEscaped(Child running) {
        running.escaped().thenAccept(pids -> {
            if (!pids.isEmpty()) {
                onEscaped.accept(pids);
            }
        });
    }

    /**
     * Calls that are about to begin, and then those under way, may still end; then the conversation ends, and the processes.
     *
     * @return as {@link #stop}
     */
    CompletableFuture<Boolean> leave(Child running, Conversation open, StopLadder ladder, Problem why) {
        return settled(ladder.settle())
                .thenCompose(none -> drained(open, ladder.drain()))
                .handle((idle, late) -> {
                    open.end(why);
                    return stop(running, ladder.endOfInput(), ladder.term());
                })
                .thenCompose(stopped -> stopped);
    }

    private static CompletableFuture<Void> settled(Duration time) {
        return time.isZero()
                ? CompletableFuture.completedFuture(null)
                : new CompletableFuture<Void>().completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static CompletableFuture<Void> drained(Conversation open, Duration limit) {
        return limit.isZero() || open.inFlight() == 0
                ? CompletableFuture.completedFuture(null)
                : open.idle().toCompletableFuture().copy().orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** @return false when some of the tree could not be ended */
    CompletableFuture<Boolean> stop(Child running, Duration endOfInput, Duration term) {
        return running.stop(endOfInput, term)
                .thenCompose(
                        empty -> empty ? exitNews().thenApply(told -> true) : CompletableFuture.completedFuture(false));
    }

    /** Of a process that came when nobody wanted it any more. */
    void stopLate(Child running) {
        stop(running, Duration.ZERO, Duration.ZERO)
                .whenComplete((all, failure) -> beforeProcess.complete(failure == null && all));
    }

    private CompletableFuture<Void> exitNews() {
        return hasExit
                ? exitTold.copy().completeOnTimeout(null, NEWS_LIMIT_MILLIS, TimeUnit.MILLISECONDS)
                : CompletableFuture.completedFuture(null);
    }
}

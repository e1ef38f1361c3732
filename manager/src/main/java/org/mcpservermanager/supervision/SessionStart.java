package org.mcpservermanager.supervision;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerSpec;

/** How long a session's copy may take until it is open: longer while it shows progress, as the shared copy. */
final class SessionStart {
    private final Supplier<ServerSpec> specs;
    private final Surroundings surroundings;
    private final Copy copy;
    private final CompletableFuture<Conversation> opened;
    private final Consumer<Problem> tooLate;
    private final long beganNanos;

    private SessionStart(
            Supplier<ServerSpec> specs,
            Surroundings surroundings,
            Copy copy,
            CompletableFuture<Conversation> opened,
            Consumer<Problem> tooLate) {
        this.specs = specs;
        this.surroundings = surroundings;
        this.copy = copy;
        this.opened = opened;
        this.tooLate = tooLate;
        this.beganNanos = surroundings.nanos().getAsLong();
    }

    /** @param tooLate told after {@code opened} failed for that reason */
    static void limit(
            Supplier<ServerSpec> specs,
            Surroundings surroundings,
            Copy copy,
            CompletableFuture<Conversation> opened,
            Consumer<Problem> tooLate) {
        new SessionStart(specs, surroundings, copy, opened, tooLate).watch(Long.MAX_VALUE);
    }

    private void watch(long leftMillis) {
        long delayMillis = Math.min(leftMillis, specs.get().timeouts().startup().toMillis());
        Future<?> alarm = StartWatch.over(copy, delayMillis, surroundings.timer(), this::due);
        opened.whenComplete((conversation, failure) -> alarm.cancel(false));
    }

    private void due(boolean moved) {
        long takenMillis = (surroundings.nanos().getAsLong() - beganNanos) / 1_000_000;
        long leftMillis = specs.get().startupLimit().toMillis() - takenMillis;
        if (moved && leftMillis > 0 && !opened.isDone()) {
            watch(leftMillis);
            return;
        }
        Problem tooSlow = new Problem(
                Problem.STARTUP_TIMEOUT,
                "a copy of server \"" + specs.get().id() + "\" was not ready within " + takenMillis / 1000 + " s",
                "Look at its stderr; raise startup_timeout if it needs longer.");
        if (opened.completeExceptionally(new ProblemException(tooSlow))) {
            tooLate.accept(tooSlow);
        }
    }
}

package org.mcpservermanager.transport;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.mcpservermanager.server.Problem;

/** The end of a link to a server on the network: it comes once, by us or by a problem, and is complete when the link is gone. */
final class Ending {
    private final AtomicReference<Cause> cause = new AtomicReference<>();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    private sealed interface Cause {
        record Closed() implements Cause {}

        record Failed(Problem why) implements Cause {}
    }

    /** False when it had ended before. */
    boolean close() {
        return cause.compareAndSet(null, new Cause.Closed());
    }

    /** False when it had ended before. */
    boolean fail(Problem why) {
        return cause.compareAndSet(null, new Cause.Failed(why));
    }

    boolean hasCome() {
        return cause.get() != null;
    }

    Optional<Problem> problem() {
        return cause.get() instanceof Cause.Failed failed ? Optional.of(failed.why()) : Optional.empty();
    }

    /** For the receiver. */
    String reason() {
        return problem().map(Problem::message).orElse("the link was closed");
    }

    CompletableFuture<Void> gone() {
        return gone;
    }

    void complete() {
        gone.complete(null);
    }
}

package org.mcpservermanager.process;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.mcpservermanager.server.Exit;

/** A process we spawned, and the tree that came of it. */
public interface Child {
    long pid();

    Instant startedAt();

    /** What holds the tree together: "group", "descendants", "none". */
    String containment();

    /** How many processes and threads together the system allows the tree; 0: no limit of ours. */
    default int pidsMax() {
        return 0;
    }

    OutputStream stdin();

    InputStream stdout();

    InputStream stderr();

    /** Looks at the leader now; reads one line of the system's at most. */
    default Condition condition() {
        return exited().isDone() ? Condition.GONE : Condition.ALIVE;
    }

    /**
     * Completes when the leader ends, by notification, not polling. The tree may still have members; they are ended at once (TERM,
     * half a second later KILL), so that nothing holds the pipes of a leader that is gone.
     */
    CompletableFuture<Exit> exited();

    /** Which limit of the system's it ran into, in words; known when {@link #exited} completes. */
    default Optional<String> limitHit() {
        return Optional.empty();
    }

    /**
     * Completes when the leader has ended and no member of its tree is alive, asked for or not, however late: only then may the
     * next generation start. Never before {@link #exited}. What depends on it runs in a shared thread and must not block.
     */
    default CompletableFuture<Void> treeEmpty() {
        return exited().thenAccept(exit -> {});
    }

    /**
     * Processes that most likely came of it and hid in every way, so that they live on. They are not ended, since a stranger could be
     * meant. Completes before {@link #treeEmpty}, or, where that is known at once, with a last look at the machine soon after.
     */
    default CompletableFuture<List<Long>> escaped() {
        return CompletableFuture.completedFuture(List.of());
    }

    /** What the tree has done so far; {@link Activity#NONE} where this machine does not tell. Never blocks the caller. */
    default CompletableFuture<Activity> activity() {
        return CompletableFuture.completedFuture(Activity.NONE);
    }

    /**
     * The stop ladder over the whole tree: close stdin, wait {@code endOfInput}; TERM+CONT, wait {@code term}; KILL, re-scan until
     * empty. Idempotent: a second call returns the same future, a shorter ladder shortens the running one. Never blocks the caller.
     * After {@code false}, a further call is a new attempt with a new future.
     *
     * @return completes when no member of the tree is alive; {@code false} when some could not be ended (they stay watched)
     */
    CompletableFuture<Boolean> stop(Duration endOfInput, Duration term);
}

package org.mcpservermanager.supervision;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.Owner;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.process.Activity;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.process.Launch;
import org.mcpservermanager.process.LaunchRefused;
import org.mcpservermanager.process.Launcher;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.StartStep;
import org.mcpservermanager.server.Wire;

/**
 * One running copy of a server: its process tree and the conversation with it. A copy starts once, ends once, and can be told
 * to end at any moment, even before its process exists.
 */
final class Copy {
    /**
     * Told in this order: steps, then ready or refused or ended; later perhaps ended; of these nothing after {@link #end} was called.
     * When the process ends, exited and then ended once more, in any case, and both before the copy counts as empty.
     */
    interface Observer {
        void onStep(StartStep step);

        void onReady(Conversation conversation);

        void onRefused(LaunchRefused refusal);

        void onEnded(Problem problem, Optional<Exit> exit);

        void onExited(long pid, Exit exit, boolean expected);

        /** Told before the copy counts as empty. */
        void onEscaped(List<Long> pids);

        void onNotification(Message notification);

        void onOutput(boolean error, String line);
    }

    private static final long EXIT_GRACE_MILLIS = 25;
    /** The system tells of an exit at once; should it not, nobody waits for ever. */
    private static final long NEWS_LIMIT_MILLIS = 1_000;

    private final ServerSpec spec;
    private final long number;
    private final Profile offered;
    private final Owner owner;
    private final Observer observer;
    private final CompletableFuture<Void> emptied = new CompletableFuture<>();
    /** For those who end it before its process exists. */
    private final CompletableFuture<Boolean> earlyEnd = new CompletableFuture<>();

    private final CompletableFuture<Void> exitTold = new CompletableFuture<>();

    private final LongAdder lines = new LongAdder();
    /** The spec with the wire that its process is reached by; set before it is dialed. */
    private volatile ServerSpec reached;

    private final Object lock = new Object();
    private Child child; // guarded by lock
    private Conversation conversation; // guarded by lock
    private boolean ending; // guarded by lock
    private boolean over; // guarded by lock: onEnded was told, or need not be
    private boolean
            asking; // guarded by lock: the child may turn out to have been started only to be asked what it speaks
    private boolean asked; // guarded by lock: one was

    Copy(ServerSpec spec, long number, Profile offered, Owner owner, Observer observer) {
        this.spec = spec;
        this.reached = spec;
        this.number = number;
        this.offered = offered;
        this.owner = owner;
        this.observer = observer;
    }

    void start(Surroundings around) {
        start(around.launches(), around.launcher(), around.dialer(), around.executor(), around.ports());
    }

    void start(Launches launches, Launcher launcher, Dialer dialer, Executor executor, Ports ports) {
        executor.execute(() -> launch(launches, launcher, dialer, executor, ports));
    }

    /** As start, with a process that is there already. */
    void adopt(Survivor survivor, Surroundings around) {
        reached = spec.with(((Wire.Served) spec.wire()).at(survivor.port()));
        emptied.whenComplete((none, failure) -> around.ports().give(survivor.port()));
        spawned(survivor.child(), false);
        around.executor().execute(() -> {
            if (!isEnding()) {
                LinkListener listener = new LinkListener();
                around.dialer().hear(reached, survivor.child(), listener);
                around.dialer()
                        .dial(reached, survivor.child(), offered, owner, listener)
                        .whenComplete(this::dialed);
            }
        });
    }

    /** How it is reached; for what listens on a port, with that port. */
    Wire wire() {
        return reached.wire();
    }

    ServerSpec reached() {
        return reached;
    }

    long pid() {
        Child running = child();
        return running == null ? 0 : running.pid();
    }

    Child child() {
        synchronized (lock) {
            return child;
        }
    }

    /** What it has shown of itself so far. */
    CompletableFuture<StartProgress> progress() {
        Child running = child();
        CompletableFuture<Activity> activity =
                running == null ? CompletableFuture.completedFuture(Activity.NONE) : running.activity();
        return activity.thenApply(sum -> new StartProgress(lines.sum(), sum));
    }

    private void launch(Launches launches, Launcher launcher, Dialer dialer, Executor executor, Ports ports) {
        if (isEnding()) {
            earlyEnd.complete(true);
            emptied.complete(null);
            return;
        }
        try {
            observer.onStep(StartStep.VALIDATING);
            dialer.validate(spec);
            Child made = spec.wire().launches() ? process(launches, launcher, ports) : dialer.elsewhere(spec);
            if (spawned(made, dialer.mayAsk(spec))) {
                Child running = child();
                observer.onStep(StartStep.HANDSHAKE);
                LinkListener listener = new LinkListener();
                dialer.hear(reached, running, listener);
                dialer.dial(reached, running, offered, owner, listener).whenComplete((opened, failure) -> {
                    if (failure != null && isSpent(running, failure)) {
                        relaunch(running, () -> start(launches, launcher, dialer, executor, ports));
                    } else {
                        settle(running);
                        dialed(opened, failure);
                    }
                });
            }
        } catch (LaunchRefused refusal) {
            refused(refusal);
        } catch (ProblemException portless) {
            unstarted(portless.problem());
        } catch (RuntimeException failure) {
            broken(new Problem(
                    Problem.INTERNAL, "launching \"" + spec.id() + "\" failed: " + failure, "See the manager's log."));
        } catch (OutOfMemoryError failure) {
            broken(new Problem(
                    Problem.HOST_EXHAUSTED,
                    "launching \"" + spec.id() + "\" failed: " + failure,
                    "Raise the limit of processes (threads count), or the memory of the application server."));
        }
    }

    private Child process(Launches launches, Launcher launcher, Ports ports) {
        int port = 0;
        if (spec.wire() instanceof Wire.Served served) {
            observer.onStep(StartStep.PORT);
            int given = ports.take(spec.id(), served.port());
            emptied.whenComplete((none, failure) -> ports.give(given));
            reached = spec.with(served.at(given));
            port = given;
        }
        Launch launch = launches.of(spec, number, port);
        observer.onStep(StartStep.SPAWNING);
        return launcher.launch(launch);
    }

    /** Nothing is wrong with the server; another time may be better. */
    private void unstarted(Problem problem) {
        boolean tell = isFirstEnd();
        emptied.complete(null);
        earlyEnd.complete(true);
        if (tell) {
            observer.onEnded(problem, Optional.empty());
        }
    }

    private void broken(Problem problem) {
        if (child() == null) {
            refused(new LaunchRefused(problem, problem.code().equals(Problem.HOST_EXHAUSTED)));
        } else {
            ended(problem, Optional.empty());
        }
    }

    private boolean isEnding() {
        synchronized (lock) {
            return ending;
        }
    }

    /** @return false when the copy was told to end before its process existed */
    private boolean spawned(Child running, boolean mayAsk) {
        boolean unwanted;
        boolean asks;
        synchronized (lock) {
            child = running;
            unwanted = ending;
            asks = mayAsk && !asked && !ending;
            asking = asks;
        }
        if (!asks) {
            follow(running);
        }
        if (unwanted) {
            stop(running, Duration.ZERO, Duration.ZERO)
                    .whenComplete((all, failure) -> earlyEnd.complete(failure == null && all));
        }
        return !unwanted;
    }

    private boolean isAsking(Child running) {
        synchronized (lock) {
            return asking && child == running;
        }
    }

    /** The child stays. */
    private void settle(Child running) {
        boolean first;
        synchronized (lock) {
            first = asking && child == running;
            asking = false;
        }
        if (first) {
            follow(running);
        }
    }

    private void follow(Child running) {
        running.treeEmpty().thenCompose(none -> exitNews()).thenRun(() -> {
            tellEscaped(running);
            emptied.complete(null);
        });
        running.exited().thenAccept(exit -> exited(running, exit));
    }

    /** Whoever hears that nothing of the copy is left heard before how it ended. */
    private CompletableFuture<Void> exitNews() {
        return spec.wire().launches()
                ? exitTold.copy().completeOnTimeout(null, NEWS_LIMIT_MILLIS, TimeUnit.MILLISECONDS)
                : CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Boolean> stop(Child running, Duration endOfInput, Duration term) {
        return running.stop(endOfInput, term)
                .thenCompose(
                        empty -> empty ? exitNews().thenApply(told -> true) : CompletableFuture.completedFuture(false));
    }

    private void tellEscaped(Child running) {
        if (!running.escaped().isEmpty()) {
            observer.onEscaped(running.escaped());
        }
    }

    private boolean isSpent(Child running, Throwable failure) {
        return isAsking(running) && problemOf(failure).code().equals(Problem.NOT_MODERN);
    }

    /** What it speaks is known now; it read what it did not understand, so another process takes its place. */
    private void relaunch(Child spent, Runnable start) {
        spent.stop(Duration.ZERO, Duration.ZERO);
        spent.treeEmpty().thenRun(() -> {
            synchronized (lock) {
                if (!asking || child != spent) {
                    return;
                }
                asking = false;
                asked = true;
                child = null;
            }
            tellEscaped(spent);
            start.run();
        });
    }

    private void refused(LaunchRefused refusal) {
        boolean tell = isFirstEnd();
        emptied.complete(null);
        earlyEnd.complete(true);
        if (tell) {
            observer.onRefused(refusal);
        }
    }

    private void dialed(Conversation opened, Throwable failure) {
        if (failure != null) {
            ended(problemOf(failure), Optional.empty());
            return;
        }
        boolean late;
        synchronized (lock) {
            late = over || ending;
            conversation = opened;
        }
        if (late) {
            opened.end(gone("ended while it was starting"));
        } else {
            observer.onReady(opened);
        }
    }

    /** The copy lives but is not wanted as it is: as if it had ended by itself, so its owner ends it. */
    void fail(Problem problem) {
        ended(problem, Optional.empty());
    }

    private void exited(Child running, Exit exit) {
        boolean expected;
        synchronized (lock) {
            expected = ending;
        }
        Problem problem = expected
                ? gone("was stopped")
                : running.limitHit().map(limit -> limited(exit, limit)).orElseGet(() -> gone("ended with " + exit));
        endConversation(problem);
        synchronized (lock) {
            over = true;
        }
        observer.onExited(running.pid(), exit, expected);
        observer.onEnded(problem, Optional.of(exit));
        exitTold.complete(null);
    }

    private void ended(Problem problem, Optional<Exit> exit) {
        endConversation(problem);
        if (isFirstEnd()) {
            observer.onEnded(problem, exit);
        }
    }

    private void endConversation(Problem problem) {
        Conversation open;
        synchronized (lock) {
            open = conversation;
        }
        if (open != null) {
            open.end(problem);
        }
    }

    private boolean isFirstEnd() {
        synchronized (lock) {
            boolean first = !over && !ending;
            over = true;
            return first;
        }
    }

    /** Completes when no process of this copy lives and none will come, however late that is. */
    CompletableFuture<Void> emptied() {
        return emptied;
    }

    /**
     * Lets calls that are under way end, then empties the process tree. May be called again, with a shorter ladder or for another
     * attempt.
     *
     * @return true when nothing of the tree lives; false when some of it could not be ended
     */
    CompletableFuture<Boolean> end(StopLadder ladder) {
        Child running;
        Conversation open;
        synchronized (lock) {
            ending = true;
            running = child;
            open = conversation;
        }
        if (running == null) {
            return earlyEnd;
        }
        settle(running);
        if (open == null) {
            return stop(running, ladder.endOfInput(), ladder.term());
        }
        return settled(ladder.settle())
                .thenCompose(none -> drained(open, ladder.drain()))
                .handle((idle, late) -> {
                    open.end(gone("is being stopped"));
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

    private Problem limited(Exit exit, String limit) {
        return new Problem(
                Problem.LIMIT_EXCEEDED,
                "server \"" + spec.id() + "\" ended with " + exit + "; " + limit,
                "Raise the limit, if it needs more.");
    }

    private Problem gone(String how) {
        return new Problem(
                Problem.PROCESS_EXITED,
                "server \"" + spec.id() + "\" " + how,
                "The call may or may not have taken effect.");
    }

    private static Problem problemOf(Throwable failure) {
        Throwable cause = failure instanceof java.util.concurrent.CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        return cause instanceof ProblemException known
                ? known.problem()
                : new Problem(Problem.HANDSHAKE_FAILED, "MCP handshake failed: " + cause, "Look at its stderr.");
    }

    private final class LinkListener implements Dialer.Listener {
        @Override
        public void onNotification(Message notification) {
            observer.onNotification(notification);
        }

        @Override
        public void onNoise(String excerpt) {
            lines.increment();
            observer.onOutput(false, excerpt);
        }

        @Override
        public void onErrorLine(String line) {
            lines.increment();
            observer.onOutput(true, line);
        }

        @Override
        public void onClosed(Problem cause) {
            Problem told =
                    spec.wire() instanceof Wire.Stdio ? gone("closed its output (" + cause.message() + ")") : cause;
            // A death closes the pipes too: the exit says more, and comes within milliseconds.
            child().exited()
                    .copy()
                    .orTimeout(EXIT_GRACE_MILLIS, TimeUnit.MILLISECONDS)
                    .whenComplete((exit, late) -> {
                        if (exit == null) {
                            ended(told, Optional.empty());
                        }
                    });
        }
    }
}

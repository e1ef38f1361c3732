package org.mcpservermanager.supervision;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.Owner;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.process.Activity;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.process.Condition;
import org.mcpservermanager.process.Launch;
import org.mcpservermanager.process.LaunchRefused;
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
    /** A first thread that has ended looks like a dead process, while others of it may live. */
    private static final long EXIT_LATE_MILLIS = 1_000;

    private final ServerSpec spec;
    private final long number;
    private final Profile offered;
    private final Owner owner;
    private final Observer observer;
    private final CopyState state = new CopyState();
    private final Departure departure;
    private final CopyEnds ends;
    private final LinkNews news;
    /** The spec with the wire that its process is reached by; set before it is dialed. */
    private volatile ServerSpec reached;

    Copy(ServerSpec spec, long number, Profile offered, Owner owner, Observer observer) {
        this.spec = spec;
        this.reached = spec;
        this.number = number;
        this.offered = offered;
        this.owner = owner;
        this.observer = observer;
        this.departure = new Departure(spec.wire().launches(), observer::onEscaped);
        this.ends = new CopyEnds(spec.id());
        this.news = new LinkNews(observer, this::closed);
    }

    void start(Surroundings around) {
        start(Means.of(around));
    }

    void start(Means means) {
        means.executor().execute(() -> launch(means));
    }

    /** As start, with a process that is there already. */
    void adopt(Survivor survivor, Surroundings around) {
        listensOn(survivor.port(), around.ports());
        spawned(survivor.child(), false);
        around.executor().execute(() -> {
            if (!state.isEnding()) {
                around.dialer().hear(reached, survivor.child(), news);
                dial(around.dialer(), survivor.child()).whenComplete(this::dialed);
            }
        });
    }

    private void launch(Means means) {
        if (state.isEnding()) {
            departure.nothingCame();
            return;
        }
        try {
            observer.onStep(StartStep.VALIDATING);
            means.dialer().validate(spec);
            Child made =
                    spec.wire().launches() ? process(means) : means.dialer().elsewhere(spec);
            if (takeIn(means.dialer(), made)) {
                // after other launches that wait for a thread: all boot while hands are shaken with the first
                means.executor().execute(() -> greet(means, made));
            }
        } catch (LaunchRefused refusal) {
            refused(refusal);
        } catch (ProblemException unforeseen) {
            unlucky(unforeseen.problem());
        } catch (RuntimeException | OutOfMemoryError failure) {
            broken(ends.notLaunched(failure));
        }
    }

    private Child process(Means means) {
        int port = 0;
        if (spec.wire() instanceof Wire.Served served) {
            observer.onStep(StartStep.PORT);
            port = means.ports().take(spec.id(), served.port());
            listensOn(port, means.ports());
        }
        Launch launch = means.launches().of(spec, number, port);
        observer.onStep(StartStep.SPAWNING);
        return means.launcher().launch(launch);
    }

    private void listensOn(int port, Ports ports) {
        reached = spec.with(((Wire.Served) spec.wire()).at(port));
        departure.emptied().whenComplete((none, failure) -> ports.give(port));
    }

    /**
     * It is listened to first of all, as one that fails at once says why; and it is ours, whatever comes of that.
     *
     * @return false when nobody wants it any more
     */
    private boolean takeIn(Dialer dialer, Child made) {
        boolean isWanted;
        try {
            dialer.hear(reached, made, news);
        } finally {
            isWanted = spawned(made, dialer.mayAsk(spec));
        }
        return isWanted;
    }

    /** @return false when the copy was told to end before its process existed */
    private boolean spawned(Child running, boolean mayAsk) {
        CopyState.Part part = state.spawned(running, mayAsk);
        if (part != CopyState.Part.ASKED) {
            follow(running);
        }
        if (part == CopyState.Part.UNWANTED) {
            departure.stopLate(running);
        }
        return part != CopyState.Part.UNWANTED;
    }

    private void follow(Child running) {
        departure.follow(running);
        running.exited().thenAccept(exit -> exited(running, exit));
    }

    private void greet(Means means, Child running) {
        observer.onStep(StartStep.HANDSHAKE);
        try {
            shakeHands(means, running);
        } catch (RuntimeException | OutOfMemoryError failure) {
            broken(ends.notLaunched(failure));
        }
    }

    private void shakeHands(Means means, Child running) {
        dial(means.dialer(), running).whenComplete((opened, failure) -> {
            boolean isSpent = failure != null
                    && state.isAsking(running)
                    && CopyEnds.notDialed(failure).code().equals(Problem.NOT_MODERN);
            if (isSpent) {
                relaunch(running, means);
            } else {
                settle(running);
                dialed(opened, failure);
            }
        });
    }

    private CompletionStage<Conversation> dial(Dialer dialer, Child running) {
        return dialer.dial(reached, running, offered, owner, news);
    }

    /** What it speaks is known now; it read what it did not understand, so another process takes its place. */
    private void relaunch(Child spent, Means means) {
        spent.stop(Duration.ZERO, Duration.ZERO);
        spent.treeEmpty().thenRun(() -> {
            if (state.gaveWay(spent)) {
                departure.tellEscaped(spent);
                start(means);
            }
        });
    }

    /** The child stays. */
    private void settle(Child running) {
        if (state.settles(running)) {
            follow(running);
        }
    }

    private void dialed(Conversation opened, Throwable failure) {
        if (failure != null) {
            fail(CopyEnds.notDialed(failure));
        } else if (state.opens(opened)) {
            observer.onReady(opened);
        } else {
            opened.end(ends.gone("ended while it was starting"));
        }
    }

    private void refused(LaunchRefused refusal) {
        unstarted(() -> observer.onRefused(refusal));
    }

    /** Nothing is known to be wrong with the server; another time may be better. */
    private void unlucky(Problem problem) {
        unstarted(() -> observer.onEnded(problem, Optional.empty()));
    }

    private void unstarted(Runnable telling) {
        boolean isFirst = state.overNow();
        departure.nothingCame();
        if (isFirst) {
            telling.run();
        }
    }

    private void broken(Problem problem) {
        if (state.child() != null) {
            fail(problem);
        } else if (problem.code().equals(Problem.HOST_EXHAUSTED)) {
            refused(new LaunchRefused(problem, true));
        } else {
            unlucky(problem);
        }
    }

    /** The copy lives but is not wanted as it is: as if it had ended by itself, so its owner ends it. */
    void fail(Problem problem) {
        endConversation(problem);
        if (state.overNow()) {
            observer.onEnded(problem, Optional.empty());
        }
    }

    private void exited(Child running, Exit exit) {
        boolean expected = state.isEnding();
        Problem problem = expected ? ends.gone("was stopped") : ends.exited(running, exit);
        endConversation(problem);
        state.overNow();
        observer.onExited(running.pid(), exit, expected);
        observer.onEnded(problem, Optional.of(exit));
        departure.exitWasTold();
    }

    /** A death closes the pipes too: the exit says more, and comes within milliseconds, or a little later when many die at once. */
    private void closed(Problem cause) {
        Problem told =
                spec.wire() instanceof Wire.Stdio ? ends.gone("closed its output (" + cause.message() + ")") : cause;
        Child running = child();
        unlessExited(running, EXIT_GRACE_MILLIS, () -> {
            if (running.condition() == Condition.GONE) {
                unlessExited(running, EXIT_LATE_MILLIS, () -> fail(told));
            } else {
                fail(told);
            }
        });
    }

    private static void unlessExited(Child running, long millis, Runnable task) {
        running.exited().copy().orTimeout(millis, TimeUnit.MILLISECONDS).whenComplete((exit, late) -> {
            if (exit == null) {
                task.run();
            }
        });
    }

    private void endConversation(Problem problem) {
        Conversation open = state.conversation();
        if (open != null) {
            open.end(problem);
        }
    }

    /**
     * Lets calls that are under way end, then empties the process tree. May be called again, with a shorter ladder or for another
     * attempt.
     *
     * @return true when nothing of the tree lives; false when some of it could not be ended
     */
    CompletableFuture<Boolean> end(StopLadder ladder) {
        CopyState.Held held = state.ends();
        if (held.child() == null) {
            return departure.beforeProcess();
        }
        settle(held.child());
        return held.conversation() == null
                ? departure.stop(held.child(), ladder.endOfInput(), ladder.term())
                : departure.leave(held.child(), held.conversation(), ladder, ends.gone("is being stopped"));
    }

    /** Completes when no process of this copy lives and none will come, however late that is. */
    CompletableFuture<Void> emptied() {
        return departure.emptied();
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
        return state.child();
    }

    /** What it has shown of itself so far. */
    CompletableFuture<StartProgress> progress() {
        Child running = child();
        CompletableFuture<Activity> activity =
                running == null ? CompletableFuture.completedFuture(Activity.NONE) : running.activity();
        return activity.thenApply(sum -> new StartProgress(news.lines(), sum));
    }
}

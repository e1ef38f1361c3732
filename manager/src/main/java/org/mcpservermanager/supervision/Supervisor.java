package org.mcpservermanager.supervision;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.Owner;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.health.Finding;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.process.LaunchRefused;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Isolation;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.StartStep;
import org.mcpservermanager.server.Usage;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.server.Wish;

/** Keeps one server alive: feeds {@link Lifecycle} from one mailbox and performs what it decides. */
public final class Supervisor {
    private final Surroundings surroundings;
    private final Mailbox mailbox;
    private final OutputRing output = new OutputRing();
    private final Traffic traffic = new Traffic();
    private final SessionCopies sessions;
    private final Tally tally = new Tally();
    private final ResourceBook resources;
    private final Watch watch;
    private final List<CompletableFuture<Snapshot>> waiting = new ArrayList<>(); // only in the mailbox
    private Life life; // only in the mailbox
    private Copy copy; // only in the mailbox
    private Future<?> alarm = CompletableFuture.completedFuture(null); // only in the mailbox
    private volatile ServerSpec spec; // written only by the fleet, one at a time
    private volatile Snapshot snapshot; // written only in the mailbox
    private volatile Conversation conversation; // written only in the mailbox, null unless RUNNING
    private volatile Wire reach; // as conversation
    private volatile Consumer<Message> notifications = message -> {};

    Supervisor(ServerSpec spec, Wish wish, Surroundings surroundings) {
        this.spec = spec;
        this.surroundings = surroundings;
        this.mailbox = new Mailbox(surroundings.executor());
        this.sessions = new SessionCopies(this::sessionSpec, surroundings, this::remember);
        this.resources = new ResourceBook(this::spec, surroundings, traffic);
        this.watch = new Watch(
                this::spec, surroundings, (finding, generation) -> mailbox.execute(() -> checked(generation, finding)));
        this.life = Life.initial(spec.enabled(), wish);
        this.snapshot = tally.snapshot(spec, life, watch.state(), traffic, 0);
    }

    public ServerSpec spec() {
        return spec;
    }

    /** A session of a server that listens on a port is one more connection to its process, not one more process. */
    private ServerSpec sessionSpec() {
        Wire wire = reach;
        return wire != null && spec.wire() instanceof Wire.Served ? spec.with(wire) : spec;
    }

    public Snapshot snapshot() {
        return tally.refresh(snapshot, traffic, sessions.size()).using(resources.usage());
    }

    /** The shared copy's conversation while the server is RUNNING. */
    public Optional<Conversation> conversation() {
        return Optional.ofNullable(conversation);
    }

    public SessionCopies sessions() {
        return sessions;
    }

    public Traffic traffic() {
        return traffic;
    }

    /** Where notifications of the shared copy that belong to no call go. */
    public void onNotification(Consumer<Message> listener) {
        notifications = listener;
    }

    /** A call waits: try now instead of at the end of the back-off, within limits. */
    public void demand() {
        post(new Input.Demand());
    }

    CompletableFuture<Snapshot> start() {
        return postAndSettle(new Input.Start());
    }

    CompletableFuture<Snapshot> stop(boolean force) {
        return postAndSettle(new Input.Stop(force));
    }

    CompletableFuture<Snapshot> restart() {
        return postAndSettle(new Input.Restart());
    }

    /**
     * Called by the fleet, one at a time; {@link #reconfigure} follows.
     *
     * @return the spec until now
     */
    ServerSpec exchange(ServerSpec next) {
        ServerSpec before = spec;
        spec = next;
        return before;
    }

    /** Only what changed is touched; what runs is replaced when it was launched by what changed. */
    CompletableFuture<Snapshot> reconfigure(boolean relaunch) {
        mailbox.execute(() -> watch.adapt(life, copy, conversation));
        return postAndSettle(new Input.Reconfigured(relaunch));
    }

    CompletableFuture<Snapshot> close() {
        return postAndSettle(new Input.Close());
    }

    List<Event.Output> output(int linesMax) {
        return output.last(linesMax);
    }

    /** @return whether the copies should be measured again soon */
    CompletableFuture<Boolean> measured(Map<Child, Usage> usages) {
        sessions.releaseAbandoned();
        return CompletableFuture.supplyAsync(
                () -> resources.judge(sessions.with(copy), usages, tally.restarts()), mailbox);
    }

    void granted() {
        post(new Input.SlotGranted());
    }

    void blocked(Problem problem) {
        post(new Input.Blocked(problem));
    }

    void unblocked() {
        post(new Input.Unblocked());
    }

    void replace(Problem problem) {
        post(new Input.Replace(problem));
    }

    private void post(Input input) {
        mailbox.execute(() -> decide(input));
    }

    private CompletableFuture<Snapshot> postAndSettle(Input input) {
        CompletableFuture<Snapshot> settled = new CompletableFuture<>();
        mailbox.execute(() -> {
            waiting.add(settled);
            decide(input);
        });
        return settled;
    }

    private void decide(Input input) {
        long nowMillis = surroundings.nanos().getAsLong() / 1_000_000;
        Life before = life;
        Turn turn = Lifecycle.next(
                before,
                input,
                Lifecycle.Rules.of(spec),
                new Lifecycle.Moment(nowMillis, surroundings.random().getAsDouble()));
        life = turn.life();
        boolean asked = input instanceof Input.Start || input instanceof Input.Restart;
        tally.count(before, life, asked, surroundings.clock().instant(), nowMillis);
        if (life.phase() != Phase.RUNNING) {
            conversation = null;
            reach = null;
        }
        if (life.phase() != before.phase()) {
            if (!life.treeAlive()) {
                resources.forget();
            }
            watch.follow(life, copy, conversation);
            snapshot = tally.snapshot(spec, life, watch.state(), traffic, sessions.size());
            publishChange(before);
            watch.change().ifPresent(surroundings.events()::publish);
        } else {
            snapshot = tally.snapshot(spec, life, watch.state(), traffic, sessions.size());
        }
        turn.effects().forEach(this::perform);
        settle();
    }

    private void checked(long generation, Finding finding) {
        if (life.phase() != Phase.RUNNING || life.generation() != generation) {
            return;
        }
        watch.take(finding);
        snapshot = tally.snapshot(spec, life, watch.state(), traffic, sessions.size());
        watch.change().ifPresent(surroundings.events()::publish);
        watch.problem()
                .ifPresent(problem -> decide(new Input.Unhealthy(generation, withLastWords(problem, generation))));
        watch.goOn();
    }

    private void publishChange(Life before) {
        boolean failed =
                switch (life.phase()) {
                    case BACKOFF, PARKED, FATAL, EXITED -> true;
                    default -> false;
                };
        surroundings
                .events()
                .publish(new Event.PhaseChanged(
                        spec.id(),
                        life.generation(),
                        before.phase(),
                        life.phase(),
                        failed ? life.problem() : Optional.empty(),
                        failed || life.phase() == Phase.STOPPED ? life.exit() : Optional.empty(),
                        snapshot,
                        surroundings.clock().instant()));
    }

    private void settle() {
        boolean moving =
                life.again() || life.phase() == Phase.STARTING || (life.phase() == Phase.STOPPING && !life.stuck());
        if (!moving) {
            List<CompletableFuture<Snapshot>> settled = List.copyOf(waiting);
            waiting.clear();
            settled.forEach(each -> each.complete(snapshot));
        }
    }

    private void perform(Effect effect) {
        if (effect instanceof Effect.AskSlot) {
            surroundings.gate().ask(this);
        } else if (effect instanceof Effect.ReleaseSlot) {
            surroundings.gate().release(this);
        } else if (effect instanceof Effect.Launch launch) {
            launch(launch.generation());
        } else if (effect instanceof Effect.EndTree end) {
            endTree(end);
        } else if (effect instanceof Effect.Arm arm) {
            arm(arm);
        } else if (effect instanceof Effect.Watch watch) {
            watch(watch);
        } else if (effect instanceof Effect.Disarm) {
            alarm.cancel(false);
        } else if (effect instanceof Effect.SaveWish save) {
            surroundings.wishes().save(spec.id(), save.wish());
        }
    }

    private void launch(long generation) {
        Profile offered =
                spec.isolation() == Isolation.SHARED ? surroundings.askableProfile() : surroundings.sharedProfile();
        copy = new Copy(spec, generation, offered, new Owner.Shared(), new SharedCopyObserver(generation));
        copy.start(surroundings);
    }

    private void endTree(Effect.EndTree end) {
        StopLadder ladder = StopLadder.of(spec, end.ladder());
        CompletableFuture<Boolean> shared = copy == null ? CompletableFuture.completedFuture(true) : copy.end(ladder);
        CompletableFuture<Boolean> own = life.phase() == Phase.STOPPING || spec.wire() instanceof Wire.Served
                ? sessions.endAll(ladder)
                : CompletableFuture.completedFuture(true);
        Copy ended = copy;
        shared.thenCombine(own, Boolean::logicalAnd).thenAccept(empty -> {
            post(new Input.TreeEmpty(end.generation(), empty));
            if (!empty) {
                whenEmpty(ended, () -> post(new Input.TreeEmpty(end.generation(), true)));
            }
        });
    }

    /** What survived every signal may still end, when its device answers or its file system comes back. */
    private void whenEmpty(Copy ended, Runnable then) {
        CompletableFuture<Void> shared = ended == null ? CompletableFuture.completedFuture(null) : ended.emptied();
        CompletableFuture.allOf(shared, sessions.emptied()).thenRun(then);
    }

    private void arm(Effect.Arm arm) {
        alarm.cancel(false);
        try {
            alarm = surroundings
                    .timer()
                    .schedule(
                            () -> post(new Input.Alarm(arm.number(), false)), arm.delayMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException shuttingDown) {
            // The manager is going down; its Close input ends this server.
            alarm = CompletableFuture.completedFuture(null);
        }
    }

    private void watch(Effect.Watch watch) {
        alarm.cancel(false);
        alarm = StartWatch.over(
                copy, watch.delayMillis(), surroundings.timer(), moved -> post(new Input.Alarm(watch.number(), moved)));
    }

    private void remember(boolean error, long number, String line) {
        surroundings
                .events()
                .publish(output.add(sequence -> new Event.Output(
                        spec.id(),
                        number,
                        error,
                        sequence,
                        line,
                        surroundings.clock().instant())));
    }

    private Problem withLastWords(Problem problem, long generation) {
        if (problem.code().equals(Problem.LIMIT_EXCEEDED)) {
            return problem;
        }
        return output.lastError(generation)
                .map(words -> new Problem(problem.code(), problem.message(), "Its last line on stderr: " + cut(words)))
                .orElse(problem);
    }

    private static String cut(String words) {
        return org.mcpservermanager.server.Text.oneLine(words, 300);
    }

    /** Brings what happens to the shared copy into the mailbox. */
    private final class SharedCopyObserver implements Copy.Observer {
        private final long generation;

        private SharedCopyObserver(long generation) {
            this.generation = generation;
        }

        @Override
        public void onStep(StartStep step) {
            if (step == StartStep.HANDSHAKE) {
                surroundings.spawned(spec.id(), Supervisor.this);
            }
            post(new Input.Progress(generation, step));
        }

        @Override
        public void onReady(Conversation opened) {
            mailbox.execute(() -> {
                if (life.generation() == generation && life.phase() == Phase.STARTING) {
                    tally.opened(
                            opened.peer(), copy.child(), surroundings.clock().instant());
                    reach = copy.wire();
                    conversation = opened;
                }
                decide(new Input.Ready(generation));
            });
        }

        @Override
        public void onRefused(LaunchRefused refusal) {
            surroundings.refused(spec.id(), refusal);
            post(new Input.LaunchRefused(generation, refusal.problem(), refusal.hostFault()));
        }

        @Override
        public void onEnded(Problem problem, Optional<Exit> exit) {
            post(new Input.Ended(generation, withLastWords(problem, generation), exit));
        }

        @Override
        public void onExited(long pid, Exit exit, boolean expected) {
            // Also after an end that was told before: the output closes first, and the exit says more.
            post(new Input.Ended(
                    generation,
                    new Problem(Problem.PROCESS_EXITED, "server \"" + spec.id() + "\" ended with " + exit, ""),
                    Optional.of(exit)));
            Instant at = surroundings.clock().instant();
            surroundings.events().publish(new Event.ProcessExited(spec.id(), generation, pid, exit, expected, at));
        }

        @Override
        public void onNotification(Message notification) {
            if (notification.method().endsWith("/list_changed")) {
                surroundings
                        .events()
                        .publish(new Event.ListChanged(
                                spec.id(),
                                notification.method(),
                                surroundings.clock().instant()));
            }
            notifications.accept(notification);
        }

        @Override
        public void onOutput(boolean error, String line) {
            remember(error, generation, line);
        }
    }

    /** Ends the copy that serves this client, if there is one. */
    public void release(Client client) {
        sessions.release(client);
    }
}

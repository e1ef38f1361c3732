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
import org.mcpservermanager.health.Finding;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.protocol.Era;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Exit;
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
    private final SharedCopies copies;
    private final Tally tally = new Tally();
    private final ResourceBook resources;
    private final Watch watch;
    private final List<CompletableFuture<Snapshot>> waiting = new ArrayList<>(); // only in the mailbox
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private Life life; // only in the mailbox
    private Future<?> alarm = CompletableFuture.completedFuture(null); // only in the mailbox
    private volatile ServerSpec spec; // written only by the fleet, one at a time
    private volatile Snapshot snapshot; // written only in the mailbox
    private volatile Conversation conversation; // written only in the mailbox, null unless RUNNING
    private volatile Wire reach; // as conversation
    private volatile Era era = Era.LEGACY; // written only in the mailbox
    private volatile Consumer<Message> notifications = message -> {};

    Supervisor(ServerSpec spec, Wish wish, Surroundings surroundings) {
        this.spec = spec;
        this.surroundings = surroundings;
        this.mailbox = new Mailbox(surroundings.executor(), surroundings.timer());
        this.sessions = new SessionCopies(this::sessionSpec, surroundings, this::remember);
        this.copies = new SharedCopies(this, surroundings, sessions);
        this.resources = new ResourceBook(this::spec, surroundings, traffic);
        this.watch = new Watch(
                this::spec, surroundings, (finding, generation) -> mailbox.execute(() -> checked(generation, finding)));
        this.life = Life.initial(spec.enabled(), wish);
        this.snapshot = tally.snapshot(spec, life, watch.state(), traffic, Snapshot.Copies.NONE);
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
        return tally.refresh(snapshot, traffic, sessions.count()).using(resources.usage());
    }

    /** The shared copy's conversation while the server is RUNNING; not one that has ended, though the news of that is still due. */
    public Optional<Conversation> conversation() {
        return Optional.ofNullable(conversation).filter(open -> !open.isOver());
    }

    /** What the shared copy speaks, or spoke when there last was one; legacy when there was none. */
    public Era era() {
        return era;
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

    /** To be called before anything else happens to it. */
    void recover(Survivor survivor) {
        execute(() -> {
            copies.adoptNext(survivor);
            decide(new Input.Recover());
        });
    }

    /** Completes when whatever was asked of it until now is decided. */
    CompletableFuture<Void> ordersTaken() {
        return CompletableFuture.runAsync(() -> {}, mailbox);
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
        mailbox.execute(() -> watch.adapt(life, copy(), conversation));
        sessions.adapt();
        return postAndSettle(new Input.Reconfigured(relaunch));
    }

    CompletableFuture<Snapshot> close() {
        return postAndSettle(new Input.Close());
    }

    /** Completes when it was closed and nothing of it lives, however late that is; before the close itself does. */
    CompletableFuture<Void> gone() {
        return gone;
    }

    List<Event.Output> output(int linesMax) {
        return output.last(linesMax);
    }

    /** @return whether the copies should be measured again soon */
    CompletableFuture<Boolean> measured(Map<Child, Usage> usages) {
        sessions.releaseAbandoned();
        return CompletableFuture.supplyAsync(
                () -> resources.judge(sessions.with(copies.all()), usages, tally.restarts()), mailbox);
    }

    /** Looked at in the mailbox: what it is bound to and ends after that finds it launched. */
    void granted() {
        execute(() -> {
            if (isQueued() && !surroundings.gate().isOpen(this)) {
                surroundings.gate().release(this);
                surroundings.gate().ask(this);
            } else {
                decide(new Input.SlotGranted());
            }
        });
    }

    private boolean isQueued() {
        return life.phase() == Phase.STARTING && life.step() == StartStep.QUEUED
                || life.other().stage() == Life.Other.Stage.QUEUED;
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

    void post(Input input) {
        execute(() -> decide(input));
    }

    /** In turn with everything else that happens to this server. */
    void execute(Runnable task) {
        mailbox.execute(task);
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
        boolean asked =
                input instanceof Input.Start || input instanceof Input.Restart || input instanceof Input.Recover;
        tally.count(before, life, asked, surroundings.clock().instant(), nowMillis);
        boolean moved = life.phase() != before.phase();
        boolean replaced = !moved && life.phase() == Phase.RUNNING && life.generation() != before.generation();
        if (moved || replaced) {
            follow();
        }
        snapshot = tally.snapshot(spec, life, watch.state(), traffic, sessions.count());
        if (moved) {
            publishChange(before);
        }
        watch.change().ifPresent(surroundings.events()::publish);
        turn.effects().forEach(this::perform);
        copies.forgetAllBut(life);
        settle();
    }

    private void follow() {
        Conversation current = life.phase() == Phase.RUNNING ? copies.conversation(life.generation()) : null;
        // in this order: who finds the conversation chooses by the era
        era = current == null ? era : current.peer().era();
        reach = current == null ? null : copy().wire();
        conversation = current;
        if (current != null) {
            Instant now = surroundings.clock().instant();
            tally.opened(current.peer(), copy().child(), now);
        }
        if (!life.treeAlive()) {
            resources.forget();
        }
        watch.follow(life, copy(), conversation);
    }

    void opened(long generation, Conversation opened) {
        mailbox.execute(() -> {
            copies.opened(generation, opened);
            decide(new Input.Ready(generation));
        });
    }

    private Copy copy() {
        return copies.copy(life.generation());
    }

    private void checked(long generation, Finding finding) {
        if (life.phase() != Phase.RUNNING || life.generation() != generation) {
            return;
        }
        watch.take(finding);
        snapshot = tally.snapshot(spec, life, watch.state(), traffic, sessions.count());
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
        boolean lost = before.phase() == Phase.RUNNING && life.phase() == Phase.STARTING
                || before.phase() == Phase.RECOVERING && life.phase() == Phase.STOPPING;
        publishChange(
                before.phase(),
                failed || lost ? life.problem() : Optional.empty(),
                failed || lost || life.phase() == Phase.STOPPED ? life.exit() : Optional.empty());
    }

    private void publishChange(Phase from, Optional<Problem> cause, Optional<Exit> exit) {
        surroundings
                .events()
                .publish(new Event.PhaseChanged(
                        spec.id(),
                        life.generation(),
                        from,
                        life.phase(),
                        cause,
                        exit,
                        snapshot,
                        surroundings.clock().instant()));
    }

    private void settle() {
        if (life.closing() && (life.phase() == Phase.STOPPED || life.phase() == Phase.DISABLED)) {
            gone.complete(null);
        }
        boolean moving = life.again()
                || life.other().isAwaited()
                || life.phase() == Phase.STARTING
                || life.phase() == Phase.RECOVERING
                || (life.phase() == Phase.STOPPING && !life.stuck());
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
            copies.launch(launch.generation());
        } else if (effect instanceof Effect.EndTree end) {
            end(end);
        } else if (effect instanceof Effect.Arm arm) {
            arm(arm);
        } else if (effect instanceof Effect.Watch watch) {
            watch(watch);
        } else if (effect instanceof Effect.Disarm) {
            alarm.cancel(false);
        } else if (effect instanceof Effect.Announce announce) {
            publishChange(Phase.RUNNING, announce.failure(), Optional.empty());
        } else if (effect instanceof Effect.SaveWish save) {
            surroundings.wishes().save(spec.id(), save.wish());
        }
    }

    private void end(Effect.EndTree end) {
        // sessions with a process that listens cannot outlive it
        boolean isAll =
                (life.phase() == Phase.STOPPING || life.phase() != Phase.RUNNING && spec.wire() instanceof Wire.Served)
                        && end.generation() == life.generation();
        boolean isRetired = end.ladder() == Effect.Ladder.RETIRE;
        copies.end(
                end,
                isAll
                        ? SharedCopies.SessionEnds.ALL
                        : isRetired ? SharedCopies.SessionEnds.OPEN : SharedCopies.SessionEnds.NONE);
    }

    private void arm(Effect.Arm arm) {
        alarm.cancel(false);
        Runnable ring = () -> post(new Input.Alarm(arm.number(), false));
        if (arm.delayMillis() == 0) {
            ring.run();
            return;
        }
        try {
            alarm = surroundings.timer().schedule(ring, arm.delayMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException shuttingDown) {
            // The manager is going down; its Close input ends this server.
            alarm = CompletableFuture.completedFuture(null);
        }
    }

    private void watch(Effect.Watch watch) {
        alarm.cancel(false);
        boolean isReplacement = life.other().stage() == Life.Other.Stage.STARTING;
        Copy starting = isReplacement ? copies.copy(life.other().generation()) : copy();
        alarm = StartWatch.over(
                starting,
                watch.delayMillis(),
                surroundings.timer(),
                moved -> post(new Input.Alarm(watch.number(), moved)));
    }

    void heard(Message notification) {
        notifications.accept(notification);
    }

    void remember(boolean error, long number, String line) {
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

    Problem withLastWords(Problem problem, long generation) {
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

    /** Ends the copy that serves this client, if there is one. */
    public void release(Client client) {
        sessions.release(client);
    }
}

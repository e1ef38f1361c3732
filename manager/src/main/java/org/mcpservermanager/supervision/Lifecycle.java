package org.mcpservermanager.supervision;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.RestartPolicy;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.StartStep;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.server.Wish;
import org.mcpservermanager.supervision.Effect.Ladder;

/**
 * The life of a server as a pure, total function: (life, input, moment) to (life, effects). No clock, no thread, no I/O, no
 * randomness of its own. {@code docs/lifecycle.md} is the printed table of this class.
 */
final class Lifecycle {
    static final long PARKED_RETRY_MILLIS = 300_000;
    static final long HOST_FAULT_RETRY_MILLIS = 5_000;
    static final long RECOVERY_LIMIT_MILLIS = 10_000;
    static final long DEMAND_INTERVAL_MILLIS = 10_000;

    private Lifecycle() {}

    /** What the decision may depend on besides life and input. {@code random} is in [0, 1). */
    record Moment(long nowMillis, double random) {}

    /**
     * The part of a spec that decides.
     *
     * @param startupMillis how long a start may show no progress
     * @param startupMaxMillis how long a start may take that shows progress
     */
    record Rules(boolean enabled, RestartPolicy restart, long startupMillis, long startupMaxMillis) {
        private static final int SUCCESS = 0;

        /** A server with a port that exits with 0 has finished; one on stdio ended while it was in use. */
        static Rules of(ServerSpec spec) {
            return new Rules(
                    spec.enabled(),
                    spec.wire() instanceof Wire.Served ? spec.restart().alsoClean(SUCCESS) : spec.restart(),
                    spec.timeouts().startup().toMillis(),
                    spec.startupLimit().toMillis());
        }
    }

    static Turn next(Life life, Input input, Rules rules, Moment moment) {
        Turn turn = input.into(new Table(life, rules, moment));
        if (turn.life().phase() == life.phase()) {
            return turn;
        }
        List<Effect> effects = new ArrayList<>();
        boolean handsOver = turn.life().phase() == Phase.STARTING && life.phase() == Phase.RUNNING;
        if (life.phase() == Phase.STARTING || (Overlap.hasPlace(life) && !handsOver)) {
            effects.add(new Effect.ReleaseSlot());
        }
        effects.addAll(turn.effects());
        Life after = Overlap.giveUp(turn.life(), effects);
        if (effects.stream().noneMatch(Lifecycle::setsAlarm)) {
            effects.add(new Effect.Disarm());
            return new Turn(after.nextAlarm(), effects);
        }
        return new Turn(after, effects);
    }

    private static boolean setsAlarm(Effect effect) {
        return effect instanceof Effect.Arm || effect instanceof Effect.Watch;
    }

    /** One decision in the making; a method for each input. */
    static final class Table {
        private final Life life;
        private final Rules rules;
        private final Moment moment;

        private Table(Life life, Rules rules, Moment moment) {
            this.life = life;
            this.rules = rules;
            this.moment = moment;
        }

        /** Only ever the first input. */
        Turn recover() {
            Life taken = life.launching(moment.nowMillis()).in(Phase.RECOVERING).nextAlarm();
            return Turn.of(
                    taken, new Effect.Launch(taken.generation()), new Effect.Arm(taken.alarm(), RECOVERY_LIMIT_MILLIS));
        }

        /** What is there cannot be taken over: it makes room for a copy that is started. */
        private Turn unrecovered(Problem problem, Optional<Exit> exit) {
            return oneAfterTheOther(life.because(Optional.of(problem), exit));
        }

        Turn start() {
            if (life.closing() || !rules.enabled() || life.phase() == Phase.DISABLED) {
                return Turn.of(life);
            }
            return switch (life.phase()) {
                case STARTING, RUNNING, RECOVERING -> Turn.of(life.wishing(Wish.UP), new Effect.SaveWish(Wish.UP));
                default -> saved(Wish.UP, startFrom(life.wishing(Wish.UP).failed(0, List.of())));
            };
        }

        Turn restart() {
            if (life.closing() || !rules.enabled() || life.phase() == Phase.DISABLED) {
                return Turn.of(life);
            }
            Life up = life.wishing(Wish.UP).failed(0, List.of());
            boolean up2down = life.treeAlive() && isUpOrComing();
            if (Overlap.isPossible(life, rules)) {
                return saved(Wish.UP, overlap().begin(up));
            }
            if (up2down) {
                return Turn.of(
                        up.in(Phase.STOPPING).again(true),
                        new Effect.SaveWish(Wish.UP),
                        new Effect.EndTree(life.generation(), Ladder.GRACEFUL));
            }
            return life.phase() == Phase.STARTING
                    ? Turn.of(up, new Effect.SaveWish(Wish.UP))
                    : saved(Wish.UP, startFrom(up));
        }

        Turn stop(boolean force) {
            Turn ended = end(life.wishing(Wish.DOWN), force ? Ladder.FORCE : Ladder.GRACEFUL);
            return saved(Wish.DOWN, ended);
        }

        Turn close() {
            return end(life.closingDown(), Ladder.GRACEFUL);
        }

        Turn demand() {
            boolean waits = life.phase() == Phase.BACKOFF || life.phase() == Phase.PARKED;
            if (!waits || life.closing() || moment.nowMillis() - life.demandedAt() < DEMAND_INTERVAL_MILLIS) {
                return Turn.of(life);
            }
            return startFrom(life.demanded(moment.nowMillis()));
        }

        Turn slotGranted() {
            if (life.phase() == Phase.RUNNING && life.other().stage() == Life.Other.Stage.QUEUED) {
                return overlap().launch();
            }
            if (life.phase() != Phase.STARTING || life.step() != StartStep.QUEUED) {
                return life.phase() == Phase.STARTING ? Turn.of(life) : Turn.of(life, new Effect.ReleaseSlot());
            }
            Life launched = life.launching(moment.nowMillis()).nextAlarm();
            return Turn.of(
                    launched,
                    new Effect.Launch(launched.generation()),
                    new Effect.Watch(launched.alarm(), rules.startupMillis()));
        }

        Turn blocked(Problem problem) {
            if (life.phase() == Phase.RUNNING && life.other().stage() == Life.Other.Stage.QUEUED) {
                return overlap().refused(problem);
            }
            if (life.phase() != Phase.STARTING || life.step() != StartStep.QUEUED) {
                return Turn.of(life);
            }
            Life waiting = life.because(Optional.of(problem), Optional.empty());
            return restarts().parked(waiting);
        }

        Turn unblocked() {
            boolean blocked = life.phase() == Phase.PARKED
                    && life.problem()
                            .filter(problem -> problem.code().equals(Problem.DEPENDENCY_NOT_RUNNING))
                            .isPresent();
            return blocked && !life.closing() ? startFrom(life) : Turn.of(life);
        }

        Turn replace(Problem problem) {
            boolean launched = life.treeAlive() && isUpOrComing();
            return launched && !life.closing()
                    ? Turn.of(
                            life.because(Optional.of(problem), Optional.empty())
                                    .in(Phase.STOPPING)
                                    .again(true),
                            new Effect.EndTree(life.generation(), Ladder.GRACEFUL))
                    : Turn.of(life);
        }

        Turn reconfigured(boolean relaunch) {
            if (life.closing()) {
                return Turn.of(life);
            }
            if (!rules.enabled()) {
                return life.phase() == Phase.STOPPED ? Turn.of(life.in(Phase.DISABLED)) : end(life, Ladder.GRACEFUL);
            }
            return switch (life.phase()) {
                case DISABLED -> life.wish() == Wish.UP ? startFrom(life) : Turn.of(life.in(Phase.STOPPED));
                case STOPPING -> Turn.of(life.again(life.wish() == Wish.UP));
                case STARTING, RUNNING, RECOVERING -> relaunch ? relaunched() : Turn.of(life);
                case BACKOFF, EXITED -> relaunch ? startFrom(life.failed(0, List.of())) : Turn.of(life);
                // whatever changed may be what was in the way: a limit, a name that only a start looks up
                case PARKED, FATAL -> startFrom(life.failed(0, List.of()));
                case STOPPED -> Turn.of(life);
            };
        }

        private Turn relaunched() {
            Life forgiven = life.failed(0, List.of());
            if (Overlap.isPossible(life, rules)) {
                return overlap().beginAnew(forgiven);
            }
            return life.treeAlive() ? oneAfterTheOther(forgiven) : Turn.of(forgiven);
        }

        private static Turn oneAfterTheOther(Life from) {
            return Turn.of(from.in(Phase.STOPPING).again(true), new Effect.EndTree(from.generation(), Ladder.GRACEFUL));
        }

        Turn progress(long generation, StartStep step) {
            if (isReplacement(generation)) {
                return Turn.of(life.beside(life.other().at(step)));
            }
            boolean current = isLaunched(generation) && life.phase() == Phase.STARTING;
            return Turn.of(current ? life.in(Phase.STARTING, step) : life);
        }

        Turn ready(long generation) {
            if (isReplacement(generation)) {
                return overlap().takeOver();
            }
            if (!isLaunched(generation) || !isComing()) {
                return Turn.of(life);
            }
            return Turn.of(life.in(Phase.RUNNING).readyAt(moment.nowMillis()));
        }

        Turn launchRefused(long generation, Problem problem, boolean hostFault) {
            if (isReplacement(generation)) {
                return overlap().refused(problem);
            }
            if (!isLaunched(generation)) {
                return Turn.of(life);
            }
            Life over = life.tree(false, false).because(Optional.of(problem), Optional.empty());
            if (life.phase() != Phase.STARTING) {
                return afterTree(over);
            }
            return hostFault ? restarts().afterHostFault(over) : Turn.of(over.in(Phase.FATAL));
        }

        Turn ended(long generation, Problem problem, Optional<Exit> exit) {
            if (isReplacement(generation)) {
                return overlap().failed(problem);
            }
            if (!isLaunched(generation)) {
                return isLateNews(generation) ? Turn.of(life.because(life.problem(), exit)) : Turn.of(life);
            }
            return switch (life.phase()) {
                case STARTING, RUNNING -> failed(problem, exit, Ladder.SHORT);
                case RECOVERING -> unrecovered(problem, exit);
                default -> Turn.of(life.because(life.problem(), exit.isPresent() ? exit : life.exit()));
            };
        }

        /** Where the policy would not start another copy, one that answers badly is better than none. */
        Turn unhealthy(long generation, Problem problem) {
            boolean current = isLaunched(generation) && life.phase() == Phase.RUNNING;
            return current
                            && !restarts().isFinal(Optional.empty())
                            && !life.other().isAwaited()
                    ? failed(problem, Optional.empty(), Ladder.SHORT)
                    : Turn.of(life);
        }

        Turn treeEmpty(long generation, boolean empty) {
            if (life.other().is(Life.Other.Stage.ENDING, generation)) {
                return otherEnded(empty);
            }
            if (!isLaunched(generation)) {
                return Turn.of(life);
            }
            return empty ? afterTree(life.tree(false, false)) : Turn.of(life.tree(true, true));
        }

        /** The other copy is gone, or cannot be ended. */
        private Turn otherEnded(boolean empty) {
            boolean wanted = life.other().again() && life.phase() == Phase.RUNNING;
            if (!empty) {
                Life stuck = life.beside(life.other().stuckNow());
                return wanted ? oneAfterTheOther(stuck) : Turn.of(stuck);
            }
            Life alone = life.beside(life.other().none());
            if (wanted) {
                return overlap().begin(alone);
            }
            return alone.phase() == Phase.STOPPING && !alone.treeAlive() ? afterTree(alone) : Turn.of(alone);
        }

        Turn alarm(long number, boolean moved) {
            if (number != life.alarm()) {
                return Turn.of(life);
            }
            return switch (life.phase()) {
                case BACKOFF, PARKED -> startFrom(life);
                case STARTING -> life.treeAlive() ? slowStart(moved) : Turn.of(life);
                case RECOVERING -> unrecovered(silent(moment.nowMillis() - life.since()), Optional.empty());
                case RUNNING ->
                    isReplacement(life.other().generation()) ? overlap().slowStart(moved) : Turn.of(life);
                default -> Turn.of(life);
            };
        }

        /** Killing a download that is half done throws it away, and the next try would not get further; nor shall others wait for it. */
        private Turn slowStart(boolean moved) {
            long leftMillis = life.since() + rules.startupMaxMillis() - moment.nowMillis();
            if (!moved || leftMillis <= 0) {
                Problem late = startupTimeout(moved, life.step(), moment.nowMillis() - life.since());
                return failed(late, Optional.empty(), Ladder.SHORT);
            }
            Life longer = life.in(Phase.STARTING, StartStep.INSTALLING).nextAlarm();
            return Turn.of(
                    longer,
                    new Effect.ReleaseSlot(),
                    new Effect.Watch(longer.alarm(), Math.min(leftMillis, rules.startupMillis())));
        }

        private Turn startFrom(Life from) {
            if (from.treeAlive()) {
                return Turn.of(from.again(true));
            }
            return Turn.of(from.again(false).in(Phase.STARTING, StartStep.QUEUED), new Effect.AskSlot());
        }

        private Turn end(Life from, Ladder ladder) {
            Life quiet = from.again(false);
            if (from.phase() == Phase.DISABLED || from.phase() == Phase.STOPPED) {
                return Turn.of(quiet);
            }
            // STOPPED promises that nothing lives, copies of client sessions included: only the end of the tree says
            // so.
            Turn ends =
                    Turn.of(quiet.in(Phase.STOPPING).tree(true, false), new Effect.EndTree(from.generation(), ladder));
            return overlap().end(ends, ladder);
        }

        private Turn afterTree(Life empty) {
            if (empty.again() && !empty.closing()) {
                return startFrom(empty);
            }
            boolean isOver = empty.phase() == Phase.STOPPING && empty.other().stage() != Life.Other.Stage.ENDING;
            return Turn.of(isOver ? empty.in(rules.enabled() ? Phase.STOPPED : Phase.DISABLED) : empty);
        }

        /** The policy: what follows the end of a copy that should have lived. */
        private Turn failed(Problem problem, Optional<Exit> exit, Ladder ladder) {
            Effect endTree = new Effect.EndTree(life.generation(), ladder);
            Life over = life.because(Optional.of(problem), exit);
            if (overlap().canFollow()) {
                return overlap().follow(over, ladder);
            }
            if (restarts().isFinal(exit)) {
                return Turn.of(over.in(Phase.EXITED), endTree);
            }
            return with(endTree, restarts().afterFailure(over));
        }

        static Problem startupTimeout(boolean moved, StartStep step, long takenMillis) {
            return new Problem(
                    Problem.STARTUP_TIMEOUT,
                    "not ready within " + takenMillis / 1000 + " s (step: " + step + ", "
                            + (moved ? "still busy" : "no output, CPU time or I/O of late") + ")",
                    "Look at its stderr; raise " + (moved ? "startup_timeout_max" : "startup_timeout")
                            + " if it needs longer.");
        }

        private static Problem silent(long takenMillis) {
            return new Problem(
                    Problem.STARTUP_TIMEOUT,
                    "what an earlier manager left running did not answer within " + takenMillis / 1000 + " s",
                    "It is ended and started anew; look at its stderr if that comes again.");
        }

        private boolean isComing() {
            return life.phase() == Phase.STARTING || life.phase() == Phase.RECOVERING;
        }

        private boolean isUpOrComing() {
            return life.phase() == Phase.RUNNING || isComing();
        }

        private boolean isReplacement(long generation) {
            return life.other().is(Life.Other.Stage.STARTING, generation);
        }

        private Restarts restarts() {
            return new Restarts(rules, moment);
        }

        private Overlap overlap() {
            return new Overlap(life, rules, moment);
        }

        /** The tree may be seen empty before its first process was reaped; how that ended is worth showing. */
        private boolean isLateNews(long generation) {
            return generation == life.generation()
                    && !life.treeAlive()
                    && life.exit().isEmpty()
                    && life.phase() != Phase.STARTING
                    && life.phase() != Phase.RUNNING;
        }

        /** False for news of an older copy, and for late news of this one after its tree was found empty. */
        private boolean isLaunched(long generation) {
            return generation == life.generation() && life.treeAlive();
        }

        private static Turn saved(Wish wish, Turn turn) {
            return with(new Effect.SaveWish(wish), turn);
        }

        private static Turn with(Effect first, Turn turn) {
            List<Effect> effects = new ArrayList<>();
            effects.add(first);
            effects.addAll(turn.effects());
            return new Turn(turn.life(), effects);
        }
    }
}

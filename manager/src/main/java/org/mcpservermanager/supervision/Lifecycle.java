package org.mcpservermanager.supervision;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.RestartPolicy;
import org.mcpservermanager.server.StartStep;
import org.mcpservermanager.server.Wish;
import org.mcpservermanager.supervision.Effect.Ladder;

/**
 * The life of a server as a pure, total function: (life, input, moment) to (life, effects). No clock, no thread, no I/O, no
 * randomness of its own. {@code docs/lifecycle.md} is the printed table of this class.
 */
final class Lifecycle {
    static final long PARKED_RETRY_MILLIS = 300_000;
    static final long HOST_FAULT_RETRY_MILLIS = 5_000;
    static final long DEMAND_INTERVAL_MILLIS = 10_000;
    static final long WINDOW_MILLIS = 600_000;
    static final int WINDOW_FAILURES_MAX = 10;

    private Lifecycle() {}

    /** What the decision may depend on besides life and input. {@code random} is in [0, 1). */
    record Moment(long nowMillis, double random) {}

    /** The part of a spec that decides. */
    record Rules(RestartPolicy restart, long startupMillis) {}

    static Turn next(Life life, Input input, Rules rules, Moment moment) {
        Turn turn = input.into(new Table(life, rules, moment));
        if (turn.life().phase() == life.phase()) {
            return turn;
        }
        List<Effect> effects = new ArrayList<>(turn.effects());
        if (life.phase() == Phase.STARTING) {
            effects.add(0, new Effect.ReleaseSlot());
        }
        if (effects.stream().noneMatch(Effect.Arm.class::isInstance)) {
            effects.add(new Effect.Disarm());
            return new Turn(turn.life().nextAlarm(), effects);
        }
        return new Turn(turn.life(), effects);
    }

    /** The failure after which {@code failures} failures in a row are on the books: how long until the next try. */
    static long backoffMillis(RestartPolicy policy, int failures, double random) {
        long maxMillis = policy.delayMax().toMillis();
        int doublings = Math.min(Math.max(failures - 1, 0), 30);
        long base = policy.delay().toMillis();
        long step = base >= (maxMillis >> doublings) + 1 ? maxMillis : Math.min(maxMillis, base << doublings);
        return step + jitter(step, random);
    }

    private static long jitter(long millis, double random) {
        return (long) (millis * 0.1 * random);
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

        Turn start() {
            if (life.closing() || life.phase() == Phase.DISABLED) {
                return Turn.of(life);
            }
            return switch (life.phase()) {
                case STARTING, RUNNING -> Turn.of(life.wishing(Wish.UP), new Effect.SaveWish(Wish.UP));
                default -> saved(Wish.UP, startFrom(life.wishing(Wish.UP).failed(0, List.of())));
            };
        }

        Turn restart() {
            if (life.closing() || life.phase() == Phase.DISABLED) {
                return Turn.of(life);
            }
            Life up = life.wishing(Wish.UP).failed(0, List.of());
            boolean up2down = life.treeAlive() && (life.phase() == Phase.RUNNING || life.phase() == Phase.STARTING);
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
            if (life.phase() != Phase.STARTING || life.step() != StartStep.QUEUED) {
                return life.phase() == Phase.STARTING ? Turn.of(life) : Turn.of(life, new Effect.ReleaseSlot());
            }
            Life launched = life.launching().nextAlarm();
            return Turn.of(
                    launched,
                    new Effect.Launch(launched.generation()),
                    new Effect.Arm(launched.alarm(), rules.startupMillis()));
        }

        Turn progress(long generation, StartStep step) {
            boolean current = isLaunched(generation) && life.phase() == Phase.STARTING;
            return Turn.of(current ? life.in(Phase.STARTING, step) : life);
        }

        Turn ready(long generation) {
            if (!isLaunched(generation) || life.phase() != Phase.STARTING) {
                return Turn.of(life);
            }
            return Turn.of(life.in(Phase.RUNNING).readyAt(moment.nowMillis()));
        }

        Turn launchRefused(long generation, Problem problem, boolean hostFault) {
            if (!isLaunched(generation)) {
                return Turn.of(life);
            }
            Life over = life.tree(false, false).because(Optional.of(problem), Optional.empty());
            if (life.phase() != Phase.STARTING) {
                return afterTree(over);
            }
            return hostFault
                    ? retry(
                            over,
                            Phase.BACKOFF,
                            HOST_FAULT_RETRY_MILLIS + jitter(HOST_FAULT_RETRY_MILLIS, moment.random()))
                    : Turn.of(over.in(Phase.FATAL));
        }

        Turn ended(long generation, Problem problem, Optional<Exit> exit) {
            if (!isLaunched(generation)) {
                return Turn.of(life);
            }
            return switch (life.phase()) {
                case STARTING, RUNNING -> failed(problem, exit, Ladder.SHORT);
                default -> Turn.of(life.because(life.problem(), exit.isPresent() ? exit : life.exit()));
            };
        }

        /** Where the policy would not start another copy, one that answers badly is better than none. */
        Turn unhealthy(long generation, Problem problem) {
            boolean current = isLaunched(generation) && life.phase() == Phase.RUNNING;
            return current && !isFinal(Optional.empty())
                    ? failed(problem, Optional.empty(), Ladder.SHORT)
                    : Turn.of(life);
        }

        Turn treeEmpty(long generation, boolean empty) {
            if (!isLaunched(generation)) {
                return Turn.of(life);
            }
            return empty ? afterTree(life.tree(false, false)) : Turn.of(life.tree(true, true));
        }

        Turn alarm(long number) {
            if (number != life.alarm()) {
                return Turn.of(life);
            }
            return switch (life.phase()) {
                case BACKOFF, PARKED -> startFrom(life);
                case STARTING ->
                    life.treeAlive() ? failed(startupTimeout(), Optional.empty(), Ladder.SHORT) : Turn.of(life);
                default -> Turn.of(life);
            };
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
            return Turn.of(
                    quiet.in(Phase.STOPPING).tree(true, from.stuck()), new Effect.EndTree(from.generation(), ladder));
        }

        private Turn afterTree(Life empty) {
            if (empty.again() && !empty.closing()) {
                return startFrom(empty);
            }
            return Turn.of(empty.phase() == Phase.STOPPING ? empty.in(Phase.STOPPED) : empty);
        }

        /** The policy: what follows the end of a copy that should have lived. */
        private Turn failed(Problem problem, Optional<Exit> exit, Ladder ladder) {
            Effect endTree = new Effect.EndTree(life.generation(), ladder);
            Life over = life.because(Optional.of(problem), exit);
            if (isFinal(exit)) {
                return Turn.of(over.in(Phase.EXITED), endTree);
            }
            boolean wasStable = life.phase() == Phase.RUNNING
                    && moment.nowMillis() - life.readySince()
                            >= rules.restart().stableAfter().toMillis();
            int failures = (wasStable ? 0 : life.failures()) + 1;
            List<Long> recent = new ArrayList<>(wasStable ? List.of() : life.recent());
            recent.removeIf(at -> moment.nowMillis() - at > WINDOW_MILLIS);
            recent.add(moment.nowMillis());
            Life counted = over.failed(failures, recent);
            boolean usedUp = failures > rules.restart().attemptsMax() || recent.size() > WINDOW_FAILURES_MAX;
            Turn waiting = usedUp
                    ? retry(counted, Phase.PARKED, PARKED_RETRY_MILLIS + jitter(PARKED_RETRY_MILLIS, moment.random()))
                    : retry(counted, Phase.BACKOFF, backoffMillis(rules.restart(), failures, moment.random()));
            return with(endTree, waiting);
        }

        private boolean isFinal(Optional<Exit> exit) {
            RestartPolicy policy = rules.restart();
            boolean clean = exit.isPresent()
                    && policy.cleanExitCodes().contains(exit.get().code());
            return !policy.auto()
                    || policy.mode() == RestartPolicy.Mode.TEMPORARY
                    || (policy.mode() == RestartPolicy.Mode.TRANSIENT && clean);
        }

        private Turn retry(Life from, Phase phase, long delayMillis) {
            Life armed =
                    from.in(phase).retryingAt(moment.nowMillis() + delayMillis).nextAlarm();
            return Turn.of(armed, new Effect.Arm(armed.alarm(), delayMillis));
        }

        private Problem startupTimeout() {
            return new Problem(
                    Problem.STARTUP_TIMEOUT,
                    "not ready within "
                            + Duration.ofMillis(rules.startupMillis()).toSeconds() + " s (step: " + life.step() + ")",
                    "Look at its stderr; raise startup_timeout if it needs longer.");
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

package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.faults.Fault;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.RestartPolicy;
import org.mcpservermanager.server.StartStep;
import org.mcpservermanager.server.Wish;
import org.mcpservermanager.supervision.Lifecycle.Moment;
import org.mcpservermanager.supervision.Lifecycle.Rules;

/** A random world around the lifecycle function: operators, crashes, slow and lost answers of the world in any order. */
class LifecycleSimulationTest {
    private static final int STEPS = 1_000_000;
    private static final Problem CRASH = new Problem(Problem.PROCESS_EXITED, "died", "");

    private static final Problem BLOCKED = new Problem(Problem.DEPENDENCY_NOT_RUNNING, "no b", "");

    private final long seed = Long.getLong("simulation.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private Rules rules = new Rules(true, RestartPolicy.DEFAULT, 30_000, 600_000);
    private Life life = Life.initial(true, Wish.DOWN);
    private long nowMillis;
    private int step;

    private boolean hasSlot;
    private boolean asksSlot;
    private boolean needsNoSlot; // the start was given more time
    private final Set<Long> live = new TreeSet<>(); // generations of the trees that may live
    private final Set<Long> ending = new TreeSet<>(); // generations whose end was ordered and not reported
    private long launches;
    private int takenOver;
    private int failed;
    private int recovered;
    private long armed = -1;
    private final List<Input> last = new ArrayList<>();

    @Test
    @Fault(43)
    void keepsItsPromisesWhateverHappens() {
        for (step = 0; step < STEPS; step++) {
            feed(something());
            check();
            if (step % 500 == 499) {
                quiesce();
                if (random.nextInt(4) == 0) {
                    recover();
                }
            }
        }
        require(recovered > 100, "only " + recovered + " recoveries");
        require(takenOver > 1000 && failed > 1000, "only " + takenOver + " replacements, and " + failed + " failed");
    }

    private Input something() {
        nowMillis += random.nextInt(3000);
        return random.nextInt(3) == 0 ? whatLeadsOn() : anything();
    }

    /** Left to chance alone, hardly a server would live long enough to be replaced. */
    private Input whatLeadsOn() {
        if (asksSlot) {
            return grant();
        }
        if (life.other().stage() == Life.Other.Stage.STARTING) {
            return random.nextInt(4) > 0 ? new Input.Ready(life.other().generation()) : refusal();
        }
        return switch (life.phase()) {
            case STOPPED -> new Input.Start();
            case STARTING, RECOVERING -> new Input.Ready(life.generation());
            case RUNNING -> random.nextBoolean() ? new Input.Restart() : reconfigured();
            default -> treeEnds();
        };
    }

    private Input anything() {
        return switch (random.nextInt(19)) {
            case 0 -> new Input.Start();
            case 1 -> new Input.Stop(random.nextBoolean());
            case 2 -> new Input.Restart();
            case 3 -> new Input.Demand();
            case 4, 5 -> asksSlot ? grant() : new Input.Alarm(armed, random.nextBoolean());
            case 6 -> new Input.Ready(someGeneration());
            case 7 -> new Input.Ended(someGeneration(), CRASH, Optional.of(new Exit(1, 0)));
            case 8 -> new Input.Ended(someGeneration(), CRASH, Optional.empty());
            case 9, 10 -> treeEnds();
            case 11 -> new Input.Alarm(random.nextBoolean() ? armed : armed - 1, random.nextBoolean());
            case 12 -> new Input.Progress(someGeneration(), StartStep.HANDSHAKE);
            case 13 -> asksSlot ? block() : new Input.Blocked(CRASH);
            case 14 -> new Input.Unblocked();
            case 15 -> new Input.Replace(CRASH);
            case 16 -> reconfigured();
            case 17 -> new Input.Unhealthy(someGeneration(), CRASH);
            default -> refusal();
        };
    }

    private Input grant() {
        asksSlot = false;
        hasSlot = true;
        return new Input.SlotGranted();
    }

    private Input reconfigured() {
        RestartPolicy policy = RestartPolicy.DEFAULT.overlapping(random.nextInt(4) > 0);
        rules = new Rules(random.nextInt(4) > 0, policy, 30_000, 600_000);
        return new Input.Reconfigured(random.nextBoolean());
    }

    private Input block() {
        asksSlot = false;
        needsNoSlot = true; // until the next check it has neither
        return new Input.Blocked(BLOCKED);
    }

    private Input treeEnds() {
        if (ending.isEmpty()) {
            return new Input.TreeEmpty(life.generation() - 1, true);
        }
        List<Long> candidates = List.copyOf(ending);
        return treeEnds(candidates.get(random.nextInt(candidates.size())), random.nextInt(4) > 0);
    }

    private Input treeEnds(long generation, boolean empty) {
        if (empty) {
            live.remove(generation);
            ending.remove(generation);
        }
        return new Input.TreeEmpty(generation, empty);
    }

    private Input refusal() {
        boolean isReplacement = life.other().step() == StartStep.VALIDATING;
        long generation = isReplacement ? life.other().generation() : life.generation();
        if (!live.contains(generation) || (!isReplacement && life.step() != StartStep.VALIDATING)) {
            return new Input.Demand();
        }
        live.remove(generation);
        return new Input.LaunchRefused(generation, CRASH, random.nextBoolean());
    }

    private long someGeneration() {
        return switch (random.nextInt(4)) {
            case 0 -> life.generation() - 1;
            case 1 -> life.other().generation();
            default -> life.generation();
        };
    }

    private void feed(Input input) {
        last.add(input);
        if (last.size() > 12) {
            last.remove(0);
        }
        Phase before = life.phase();
        Turn turn = Lifecycle.next(life, input, rules, new Moment(nowMillis, random.nextDouble()));
        life = turn.life();
        for (Effect effect : turn.effects()) {
            perform(effect, input);
        }
        boolean leftRest = isAtRest(before) && !isAtRest(life.phase());
        boolean enabledAgain = before == Phase.DISABLED && input instanceof Input.Reconfigured;
        if (leftRest && !isAskedFor(input) && !enabledAgain) {
            broken("left " + before + " without being asked");
        }
    }

    private static boolean isAtRest(Phase phase) {
        return phase == Phase.STOPPED || phase == Phase.DISABLED;
    }

    private static boolean isAskedFor(Input input) {
        return input instanceof Input.Recover || input instanceof Input.Start || input instanceof Input.Restart;
    }

    private void perform(Effect effect, Input input) {
        if (effect instanceof Effect.Launch launch) {
            boolean isReplacement = life.other().is(Life.Other.Stage.STARTING, launch.generation());
            require(!live.contains(life.generation()) || isReplacement, "launched while a tree lives");
            require(launch.generation() > launches, "gave a number twice");
            launches = launch.generation();
            require(hasSlot || input instanceof Input.Recover, "launched without a slot");
            require(life.wish() == Wish.UP, "launched against the wish");
            require(rules.enabled(), "launched what is disabled");
            require(isReplacement || launch.generation() == life.generation(), "launched another generation");
            live.add(launch.generation());
            ending.remove(launch.generation());
        } else if (effect instanceof Effect.EndTree end) {
            ending.add(end.generation());
        } else if (effect instanceof Effect.Announce announce) {
            takenOver += announce.failure().isPresent() ? 0 : 1;
            failed += announce.failure().isPresent() ? 1 : 0;
            require(life.phase() == Phase.RUNNING, "announced a replacement in " + life.phase());
        } else if (effect instanceof Effect.AskSlot) {
            require(!asksSlot && !hasSlot, "asked twice for a slot");
            asksSlot = true;
            needsNoSlot = false;
        } else if (effect instanceof Effect.ReleaseSlot) {
            asksSlot = false;
            hasSlot = false;
        } else if (effect instanceof Effect.Arm arm) {
            require(arm.delayMillis() > 0, "armed without a delay");
            armed = arm.number();
        } else if (effect instanceof Effect.Watch watch) {
            require(watch.delayMillis() > 0, "watches without a delay");
            boolean isReplacement = life.other().stage() == Life.Other.Stage.STARTING;
            long since = isReplacement ? life.other().since() : life.since();
            long generation = isReplacement ? life.other().generation() : life.generation();
            StartStep at = isReplacement ? life.other().step() : life.step();
            require(
                    nowMillis + watch.delayMillis() <= since + rules.startupMaxMillis(),
                    "watches a start longer than it may take");
            require(live.contains(generation), "watches a start without a process");
            armed = watch.number();
            needsNoSlot |= at == StartStep.INSTALLING;
        } else if (effect instanceof Effect.Disarm) {
            armed = -1;
        } else if (effect instanceof Effect.SaveWish save) {
            require(save.wish() == life.wish(), "saved another wish than it has");
            require(isAskedFor(input) || input instanceof Input.Stop, "changed the wish unasked");
        }
    }

    private void check() {
        boolean starts = life.phase() == Phase.STARTING || Overlap.hasPlace(life);
        require(starts || (!hasSlot && !asksSlot), "keeps a slot in " + life.phase());
        require(!starts || hasSlot || asksSlot || needsNoSlot, "starts without a slot");
        require(!isAtRest(life.phase()) || live.isEmpty(), life.phase() + " with a live tree");
        require(life.phase() != Phase.RUNNING || live.contains(life.generation()), "RUNNING without its tree");
        Life.Other other = life.other();
        require(live.size() < 2 || other.stage() != Life.Other.Stage.NONE, "two trees, unannounced");
        require(
                live.stream().allMatch(each -> each == life.generation() || each == other.generation()),
                "forgot a tree of " + live);
        require(
                other.stage() != Life.Other.Stage.ENDING || ending.contains(other.generation()),
                "waits for the end of another tree that nobody ends");
        require(
                other.stage() != Life.Other.Stage.STARTING || armed == life.alarm(),
                "a replacement that nothing ever ends");
        require(!Overlap.hasPlace(life) || life.phase() == Phase.RUNNING, "replaces nothing in " + life.phase());
        boolean waits = life.phase() == Phase.BACKOFF || life.phase() == Phase.PARKED;
        require(!waits || armed == life.alarm() || life.again(), "waits for nothing in " + life.phase());
        require(
                life.phase() != Phase.STARTING || !live.contains(life.generation()) || armed == life.alarm(),
                "a start that nothing ever ends");
        require(
                life.phase() != Phase.RECOVERING || (live.contains(life.generation()) && armed == life.alarm()),
                "a recovery that nothing ever ends");
        boolean ends = life.phase() == Phase.STOPPING || (life.treeAlive() && waits);
        require(!ends || !ending.isEmpty(), "waits for the end of a tree that nobody ends");
        require(
                life.phase() != Phase.STOPPING || life.wish() == Wish.DOWN || life.again() || !rules.enabled(),
                "stops an instance that shall run");
    }

    /** From anywhere: one stop, and a world that answers, lead to STOPPED. */
    private void quiesce() {
        feed(new Input.Stop(true));
        List.copyOf(ending).forEach(generation -> feed(treeEnds(generation, true)));
        require(life.phase() == (rules.enabled() ? Phase.STOPPED : Phase.DISABLED), "stop led to " + life.phase());
    }

    /** Another manager, which finds a process of this one. */
    private void recover() {
        life = Life.initial(true, Wish.UP);
        rules = new Rules(true, RestartPolicy.DEFAULT, 30_000, 600_000);
        launches = 0;
        feed(new Input.Recover());
        recovered++;
    }

    private void require(boolean holds, String promise) {
        if (!holds) {
            broken(promise);
        }
    }

    private void broken(String promise) {
        fail(promise + "; -Dsimulation.seed=" + seed + ", step " + step + ", " + life + ", after " + last);
    }
}

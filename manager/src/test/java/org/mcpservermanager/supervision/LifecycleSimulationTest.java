package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
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
    private long liveTree; // generation of the tree that may live; 0 for none
    private boolean treeIsEnding;
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
            }
        }
    }

    private Input something() {
        nowMillis += random.nextInt(3000);
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
        rules = new Rules(random.nextInt(4) > 0, RestartPolicy.DEFAULT, 30_000, 600_000);
        return new Input.Reconfigured(random.nextBoolean());
    }

    private Input block() {
        asksSlot = false;
        needsNoSlot = true; // until the next check it has neither
        return new Input.Blocked(BLOCKED);
    }

    private Input treeEnds() {
        if (!treeIsEnding) {
            return new Input.TreeEmpty(life.generation() - 1, true);
        }
        boolean empty = random.nextInt(4) > 0;
        long generation = liveTree == 0 ? life.generation() : liveTree;
        if (empty) {
            liveTree = 0;
            treeIsEnding = false;
        }
        return new Input.TreeEmpty(generation, empty);
    }

    private Input refusal() {
        if (liveTree != life.generation() || life.step() != StartStep.VALIDATING) {
            return new Input.Demand();
        }
        liveTree = 0;
        return new Input.LaunchRefused(life.generation(), CRASH, random.nextBoolean());
    }

    private long someGeneration() {
        return life.generation() - (random.nextInt(4) == 0 ? 1 : 0);
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
        return input instanceof Input.Start || input instanceof Input.Restart;
    }

    private void perform(Effect effect, Input input) {
        if (effect instanceof Effect.Launch launch) {
            require(liveTree == 0, "launched while a tree lives");
            require(hasSlot, "launched without a slot");
            require(life.wish() == Wish.UP, "launched against the wish");
            require(rules.enabled(), "launched what is disabled");
            require(launch.generation() == life.generation(), "launched another generation");
            liveTree = launch.generation();
            treeIsEnding = false;
        } else if (effect instanceof Effect.EndTree) {
            treeIsEnding = true;
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
            require(
                    nowMillis + watch.delayMillis() <= life.since() + rules.startupMaxMillis(),
                    "watches a start longer than it may take");
            require(liveTree == life.generation(), "watches a start without a process");
            armed = watch.number();
            needsNoSlot = life.step() == StartStep.INSTALLING;
        } else if (effect instanceof Effect.Disarm) {
            armed = -1;
        } else if (effect instanceof Effect.SaveWish save) {
            require(save.wish() == life.wish(), "saved another wish than it has");
            require(isAskedFor(input) || input instanceof Input.Stop, "changed the wish unasked");
        }
    }

    private void check() {
        require(life.phase() == Phase.STARTING || (!hasSlot && !asksSlot), "keeps a slot in " + life.phase());
        require(life.phase() != Phase.STARTING || hasSlot || asksSlot || needsNoSlot, "starts without a slot");
        require(!isAtRest(life.phase()) || liveTree == 0, life.phase() + " with a live tree");
        require(life.phase() != Phase.RUNNING || liveTree == life.generation(), "RUNNING without its tree");
        boolean waits = life.phase() == Phase.BACKOFF || life.phase() == Phase.PARKED;
        require(!waits || armed == life.alarm() || life.again(), "waits for nothing in " + life.phase());
        require(
                life.phase() != Phase.STARTING || liveTree == 0 || armed == life.alarm(),
                "a start that nothing ever ends");
        boolean ends = life.phase() == Phase.STOPPING || (life.treeAlive() && waits);
        require(!ends || treeIsEnding, "waits for the end of a tree that nobody ends");
        require(
                life.phase() != Phase.STOPPING || life.wish() == Wish.DOWN || life.again() || !rules.enabled(),
                "stops an instance that shall run");
    }

    /** From anywhere: one stop, and a world that answers, lead to STOPPED. */
    private void quiesce() {
        feed(new Input.Stop(true));
        if (treeIsEnding) {
            long generation = liveTree == 0 ? life.generation() : liveTree;
            liveTree = 0;
            treeIsEnding = false;
            feed(new Input.TreeEmpty(generation, true));
        }
        require(life.phase() == (rules.enabled() ? Phase.STOPPED : Phase.DISABLED), "stop led to " + life.phase());
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

package org.mcpservermanager.supervision;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.StartStep;
import org.mcpservermanager.supervision.Effect.Ladder;
import org.mcpservermanager.supervision.Life.Other;
import org.mcpservermanager.supervision.Life.Other.Stage;

/** The part of the lifecycle in which two copies live: one serves, the other is its replacement, or was replaced by it. */
final class Overlap {
    private final Life life;
    private final Lifecycle.Rules rules;
    private final Lifecycle.Moment moment;

    Overlap(Life life, Lifecycle.Rules rules, Lifecycle.Moment moment) {
        this.life = life;
        this.rules = rules;
        this.moment = moment;
    }

    /** A copy that cannot be ended must not become two. */
    static boolean isPossible(Life life, Lifecycle.Rules rules) {
        return rules.restart().overlap() && life.phase() == Phase.RUNNING && life.treeAlive() && !life.stuck();
    }

    /** Whether a replacement holds a place among the starting servers, or waits for one. */
    static boolean hasPlace(Life life) {
        return life.other().stage() == Stage.QUEUED || life.other().stage() == Stage.STARTING;
    }

    /** What is left of a replacement when there is nothing any more that it could replace. */
    static Life giveUp(Life after, List<Effect> effects) {
        Other other = after.other();
        return switch (other.stage()) {
            case QUEUED -> after.beside(other.none());
            case STARTING -> {
                effects.add(new Effect.EndTree(other.generation(), Ladder.SHORT));
                yield after.beside(other.ending(other.generation()));
            }
            case ENDING -> after.beside(other.again(false));
            case NONE -> after;
        };
    }

    /** The serving copy shall be replaced; a replacement that is on its way already will do. */
    Turn begin(Life from) {
        Other other = from.other();
        return switch (other.stage()) {
            case NONE -> Turn.of(forgetFailure(from).beside(other.queued()), new Effect.AskSlot());
            case ENDING -> Turn.of(from.beside(other.again(true)));
            case QUEUED, STARTING -> Turn.of(from);
        };
    }

    /** As begin, but what is on its way was launched by what does not hold any more. */
    Turn beginAnew(Life from) {
        Other other = from.other();
        return other.stage() == Stage.STARTING
                ? Turn.of(
                        from.beside(other.ending(other.generation()).again(true))
                                .nextAlarm(),
                        new Effect.ReleaseSlot(),
                        new Effect.Disarm(),
                        new Effect.EndTree(other.generation(), Ladder.SHORT))
                : begin(from);
    }

    Turn launch() {
        Life launched = life.beside(life.other().starting(life.launches() + 1, moment.nowMillis()))
                .nextAlarm();
        return Turn.of(
                launched,
                new Effect.Launch(launched.other().generation()),
                new Effect.Watch(launched.alarm(), rules.startupMillis()));
    }

    Turn takeOver() {
        return Turn.of(
                forgetFailure(life.exchanged(moment.nowMillis())).nextAlarm(),
                new Effect.ReleaseSlot(),
                new Effect.Disarm(),
                new Effect.Announce(Optional.empty()),
                new Effect.EndTree(life.generation(), Ladder.RETIRE));
    }

    /** No process came of it. */
    Turn refused(Problem problem) {
        return servesOn(life.other().none(), problem);
    }

    Turn failed(Problem problem) {
        long number = life.other().generation();
        Turn servesOn = servesOn(life.other().ending(number), problem);
        List<Effect> effects = new ArrayList<>(servesOn.effects());
        effects.add(new Effect.EndTree(number, Ladder.SHORT));
        return new Turn(servesOn.life(), effects);
    }

    private Turn servesOn(Other other, Problem problem) {
        Problem told = new Problem(
                Problem.REPLACEMENT_FAILED,
                "the replacement failed, the old copy serves on: " + problem.message(),
                problem.remedy());
        return Turn.of(
                life.beside(other).because(Optional.of(told), life.exit()).nextAlarm(),
                new Effect.ReleaseSlot(),
                new Effect.Disarm(),
                new Effect.Announce(Optional.of(told)));
    }

    Turn slowStart(boolean moved) {
        Other other = life.other();
        if (!moved || leftMillis() <= 0) {
            return failed(Lifecycle.Table.startupTimeout(moved, other.step(), moment.nowMillis() - other.since()));
        }
        Life longer = life.beside(other.at(StartStep.INSTALLING)).nextAlarm();
        return Turn.of(
                longer,
                new Effect.ReleaseSlot(),
                new Effect.Watch(longer.alarm(), Math.min(leftMillis(), rules.startupMillis())));
    }

    private long leftMillis() {
        return life.other().since() + rules.startupMaxMillis() - moment.nowMillis();
    }

    /** Whether the replacement can take the place of a copy that does not live to see it. */
    boolean canFollow() {
        return life.phase() == Phase.RUNNING && life.other().stage() == Stage.STARTING && leftMillis() > 0;
    }

    Turn follow(Life over, Ladder ladder) {
        Other other = life.other();
        Life starting =
                over.exchanged(other.since()).in(Phase.STARTING, other.step()).nextAlarm();
        return Turn.of(
                starting,
                new Effect.EndTree(life.generation(), ladder),
                new Effect.Watch(starting.alarm(), Math.min(leftMillis(), rules.startupMillis())));
    }

    /** Everything ends: both. */
    Turn end(Turn first, Ladder ladder) {
        Other other = first.life().other();
        if (other.stage() != Stage.STARTING && other.stage() != Stage.ENDING) {
            return first;
        }
        List<Effect> effects = new ArrayList<>(first.effects());
        effects.add(new Effect.EndTree(other.generation(), ladder));
        return new Turn(first.life().beside(other.ending(other.generation())), effects);
    }

    private static Life forgetFailure(Life from) {
        boolean failed = from.problem()
                .filter(problem -> problem.code().equals(Problem.REPLACEMENT_FAILED))
                .isPresent();
        return failed ? from.because(Optional.empty(), from.exit()) : from;
    }
}

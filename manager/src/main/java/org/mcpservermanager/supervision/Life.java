package org.mcpservermanager.supervision;

import java.util.List;
import java.util.Optional;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.StartStep;
import org.mcpservermanager.server.Wish;

/**
 * Everything the lifecycle remembers of one server. Times are milliseconds of a monotonic clock.
 *
 * @param since when the launch was ordered (STARTING), when it became ready (RUNNING)
 * @param closing the manager is going down: nothing starts any more, wishes stay
 */
record Life(
        Phase phase,
        StartStep step,
        Wish wish,
        long since,
        boolean closing,
        Launched launched,
        Other other,
        Retries retries,
        Optional<Problem> problem,
        Optional<Exit> exit) {

    /**
     * The newest launch.
     *
     * @param generation counts the launches
     * @param treeAlive a launch was ordered and its process tree was not reported empty yet
     * @param again start again as soon as the tree is empty
     * @param stuck the tree could not be emptied
     */
    record Launched(long generation, boolean treeAlive, boolean again, boolean stuck) {}

    /**
     * The copy beside the one that serves: its replacement, or its predecessor.
     *
     * @param generation stays when it is gone, so that no number is given twice
     * @param since when its launch was ordered
     * @param again replace the serving copy when this one's tree is empty
     * @param stuck its tree could not be emptied
     */
    record Other(Stage stage, long generation, long since, StartStep step, boolean again, boolean stuck) {
        static final Other NONE = new Other(Stage.NONE, 0, 0, StartStep.NONE, false, false);

        enum Stage {
            NONE,
            /** A replacement that waits for a place among the starting servers. */
            QUEUED,
            /** A replacement on its way. */
            STARTING,
            /** A replacement that failed, or the copy that was replaced: its tree is being emptied. */
            ENDING
        }

        Other none() {
            return new Other(Stage.NONE, generation, 0, StartStep.NONE, false, false);
        }

        Other queued() {
            return new Other(Stage.QUEUED, generation, 0, StartStep.QUEUED, false, false);
        }

        Other starting(long number, long now) {
            return new Other(Stage.STARTING, number, now, StartStep.VALIDATING, false, false);
        }

        Other at(StartStep next) {
            return new Other(stage, generation, since, next, again, stuck);
        }

        Other ending(long number) {
            return new Other(Stage.ENDING, number, 0, StartStep.NONE, false, false);
        }

        Other again(boolean next) {
            return new Other(stage, generation, since, step, next, stuck);
        }

        Other stuckNow() {
            return new Other(stage, generation, since, step, false, true);
        }

        boolean is(Stage other, long number) {
            return stage == other && generation == number;
        }

        /** A replacement is wanted and neither there nor given up. */
        boolean isAwaited() {
            return stage == Stage.QUEUED || stage == Stage.STARTING || again;
        }
    }

    /**
     * What decides when the next try is.
     *
     * @param alarm the number of the alarm that counts; older ones are late
     * @param failures failures in a row
     * @param recent when the failures of the last ten minutes happened
     * @param retryAt when the armed retry fires; meaningful in BACKOFF and PARKED
     * @param demandedAt when a call last forced a retry
     */
    record Retries(long alarm, int failures, List<Long> recent, long retryAt, long demandedAt) {}

    static Life initial(boolean enabled, Wish wish) {
        return new Life(
                enabled ? Phase.STOPPED : Phase.DISABLED,
                StartStep.NONE,
                wish,
                0,
                false,
                new Launched(0, false, false, false),
                Other.NONE,
                new Retries(0, 0, List.of(), 0, Long.MIN_VALUE / 2),
                Optional.empty(),
                Optional.empty());
    }

    long generation() {
        return launched.generation();
    }

    boolean treeAlive() {
        return launched.treeAlive();
    }

    boolean again() {
        return launched.again();
    }

    boolean stuck() {
        return launched.stuck() || other.stuck();
    }

    /** How many launches there were. */
    long launches() {
        return Math.max(generation(), other.generation());
    }

    long alarm() {
        return retries.alarm();
    }

    int failures() {
        return retries.failures();
    }

    List<Long> recent() {
        return retries.recent();
    }

    long retryAt() {
        return retries.retryAt();
    }

    long demandedAt() {
        return retries.demandedAt();
    }

    Life in(Phase next, StartStep nextStep) {
        return new Life(next, nextStep, wish, since, closing, launched, other, retries, problem, exit);
    }

    Life in(Phase next) {
        return in(next, StartStep.NONE);
    }

    Life wishing(Wish next) {
        return new Life(phase, step, next, since, closing, launched, other, retries, problem, exit);
    }

    Life launching(long now) {
        Launched next = new Launched(launches() + 1, true, false, false);
        return new Life(phase, StartStep.VALIDATING, wish, now, closing, next, other, retries, problem, exit);
    }

    Life beside(Other next) {
        return new Life(phase, step, wish, since, closing, launched, next, retries, problem, exit);
    }

    /** The other copy is the one that counts, and the one that counted is on its way out. */
    Life exchanged(long now) {
        Launched next = new Launched(other.generation(), true, false, false);
        Other old = other.ending(generation());
        return new Life(phase, step, wish, now, closing, next, old, retries, problem, exit);
    }

    Life tree(boolean alive, boolean isStuck) {
        return with(new Launched(generation(), alive, again(), isStuck));
    }

    Life again(boolean next) {
        return with(new Launched(generation(), treeAlive(), next, launched.stuck()));
    }

    Life nextAlarm() {
        return with(new Retries(alarm() + 1, failures(), recent(), retryAt(), demandedAt()));
    }

    Life failed(int failuresNow, List<Long> recentNow) {
        return with(new Retries(alarm(), failuresNow, List.copyOf(recentNow), retryAt(), demandedAt()));
    }

    Life retryingAt(long at) {
        return with(new Retries(alarm(), failures(), recent(), at, demandedAt()));
    }

    Life demanded(long now) {
        return with(new Retries(alarm(), failures(), recent(), retryAt(), now));
    }

    Life readyAt(long now) {
        return new Life(phase, step, wish, now, closing, launched, other, retries, problem, exit);
    }

    Life closingDown() {
        return new Life(phase, step, wish, since, true, launched, other, retries, problem, exit).again(false);
    }

    Life because(Optional<Problem> nextProblem, Optional<Exit> nextExit) {
        return new Life(phase, step, wish, since, closing, launched, other, retries, nextProblem, nextExit);
    }

    private Life with(Launched next) {
        return new Life(phase, step, wish, since, closing, next, other, retries, problem, exit);
    }

    private Life with(Retries next) {
        return new Life(phase, step, wish, since, closing, launched, other, next, problem, exit);
    }
}

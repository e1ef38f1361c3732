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
        return launched.stuck();
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
        return new Life(next, nextStep, wish, since, closing, launched, retries, problem, exit);
    }

    Life in(Phase next) {
        return in(next, StartStep.NONE);
    }

    Life wishing(Wish next) {
        return new Life(phase, step, next, since, closing, launched, retries, problem, exit);
    }

    Life launching(long now) {
        Launched next = new Launched(generation() + 1, true, false, false);
        return new Life(phase, StartStep.VALIDATING, wish, now, closing, next, retries, problem, exit);
    }

    Life tree(boolean alive, boolean isStuck) {
        return with(new Launched(generation(), alive, again(), isStuck));
    }

    Life again(boolean next) {
        return with(new Launched(generation(), treeAlive(), next, stuck()));
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
        return new Life(phase, step, wish, now, closing, launched, retries, problem, exit);
    }

    Life closingDown() {
        return new Life(phase, step, wish, since, true, launched, retries, problem, exit).again(false);
    }

    Life because(Optional<Problem> nextProblem, Optional<Exit> nextExit) {
        return new Life(phase, step, wish, since, closing, launched, retries, nextProblem, nextExit);
    }

    private Life with(Launched next) {
        return new Life(phase, step, wish, since, closing, next, retries, problem, exit);
    }

    private Life with(Retries next) {
        return new Life(phase, step, wish, since, closing, launched, next, problem, exit);
    }
}

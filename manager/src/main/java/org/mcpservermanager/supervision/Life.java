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
 * @param generation counts the launches
 * @param treeAlive a launch was ordered and its process tree was not reported empty yet
 * @param again start again as soon as the tree is empty
 * @param alarm the number of the alarm that counts; older ones are late
 * @param failures failures in a row
 * @param recent when the failures of the last ten minutes happened
 * @param readySince when RUNNING began
 * @param retryAt when the armed retry fires; meaningful in BACKOFF and PARKED
 * @param demandedAt when a call last forced a retry
 * @param closing the manager is going down: nothing starts any more, wishes stay
 */
record Life(
        Phase phase,
        StartStep step,
        Wish wish,
        long generation,
        boolean treeAlive,
        boolean again,
        boolean stuck,
        long alarm,
        int failures,
        List<Long> recent,
        long readySince,
        long retryAt,
        long demandedAt,
        boolean closing,
        Optional<Problem> problem,
        Optional<Exit> exit) {

    static Life initial(boolean enabled, Wish wish) {
        return new Life(
                enabled ? Phase.STOPPED : Phase.DISABLED,
                StartStep.NONE,
                wish,
                0,
                false,
                false,
                false,
                0,
                0,
                List.of(),
                0,
                0,
                Long.MIN_VALUE / 2,
                false,
                Optional.empty(),
                Optional.empty());
    }

    Life in(Phase next, StartStep nextStep) {
        return new Life(
                next,
                nextStep,
                wish,
                generation,
                treeAlive,
                again,
                stuck,
                alarm,
                failures,
                recent,
                readySince,
                retryAt,
                demandedAt,
                closing,
                problem,
                exit);
    }

    Life in(Phase next) {
        return in(next, StartStep.NONE);
    }

    Life wishing(Wish next) {
        return new Life(
                phase,
                step,
                next,
                generation,
                treeAlive,
                again,
                stuck,
                alarm,
                failures,
                recent,
                readySince,
                retryAt,
                demandedAt,
                closing,
                problem,
                exit);
    }

    Life launching() {
        return new Life(
                phase,
                StartStep.VALIDATING,
                wish,
                generation + 1,
                true,
                false,
                false,
                alarm,
                failures,
                recent,
                readySince,
                retryAt,
                demandedAt,
                closing,
                problem,
                exit);
    }

    Life tree(boolean alive, boolean isStuck) {
        return new Life(
                phase,
                step,
                wish,
                generation,
                alive,
                again,
                isStuck,
                alarm,
                failures,
                recent,
                readySince,
                retryAt,
                demandedAt,
                closing,
                problem,
                exit);
    }

    Life again(boolean next) {
        return new Life(
                phase,
                step,
                wish,
                generation,
                treeAlive,
                next,
                stuck,
                alarm,
                failures,
                recent,
                readySince,
                retryAt,
                demandedAt,
                closing,
                problem,
                exit);
    }

    Life nextAlarm() {
        return new Life(
                phase,
                step,
                wish,
                generation,
                treeAlive,
                again,
                stuck,
                alarm + 1,
                failures,
                recent,
                readySince,
                retryAt,
                demandedAt,
                closing,
                problem,
                exit);
    }

    Life failed(int failuresNow, List<Long> recentNow) {
        return new Life(
                phase,
                step,
                wish,
                generation,
                treeAlive,
                again,
                stuck,
                alarm,
                failuresNow,
                List.copyOf(recentNow),
                readySince,
                retryAt,
                demandedAt,
                closing,
                problem,
                exit);
    }

    Life readyAt(long now) {
        return new Life(
                phase,
                step,
                wish,
                generation,
                treeAlive,
                again,
                stuck,
                alarm,
                failures,
                recent,
                now,
                retryAt,
                demandedAt,
                closing,
                problem,
                exit);
    }

    Life retryingAt(long at) {
        return new Life(
                phase,
                step,
                wish,
                generation,
                treeAlive,
                again,
                stuck,
                alarm,
                failures,
                recent,
                readySince,
                at,
                demandedAt,
                closing,
                problem,
                exit);
    }

    Life demanded(long now) {
        return new Life(
                phase,
                step,
                wish,
                generation,
                treeAlive,
                again,
                stuck,
                alarm,
                failures,
                recent,
                readySince,
                retryAt,
                now,
                closing,
                problem,
                exit);
    }

    Life closingDown() {
        return new Life(
                phase,
                step,
                wish,
                generation,
                treeAlive,
                false,
                stuck,
                alarm,
                failures,
                recent,
                readySince,
                retryAt,
                demandedAt,
                true,
                problem,
                exit);
    }

    Life because(Optional<Problem> nextProblem, Optional<Exit> nextExit) {
        return new Life(
                phase,
                step,
                wish,
                generation,
                treeAlive,
                again,
                stuck,
                alarm,
                failures,
                recent,
                readySince,
                retryAt,
                demandedAt,
                closing,
                nextProblem,
                nextExit);
    }
}

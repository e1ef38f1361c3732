package org.mcpservermanager.supervision;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.RestartPolicy;

/** The part of the lifecycle that applies the restart policy: whether another copy is tried, and when. */
final class Restarts {
    private static final long WINDOW_MILLIS = 600_000;
    private static final int WINDOW_FAILURES_MAX = 10;

    private final Lifecycle.Rules rules;
    private final Lifecycle.Moment moment;

    Restarts(Lifecycle.Rules rules, Lifecycle.Moment moment) {
        this.rules = rules;
        this.moment = moment;
    }

    /** Whether nothing follows a copy that ended so. */
    boolean isFinal(Optional<Exit> exit) {
        RestartPolicy policy = rules.restart();
        boolean clean =
                exit.isPresent() && policy.cleanExitCodes().contains(exit.get().code());
        return !policy.auto()
                || policy.mode() == RestartPolicy.Mode.TEMPORARY
                || (policy.mode() == RestartPolicy.Mode.TRANSIENT && clean);
    }

    /** One more failure is on the books: of a copy that should have lived. */
    Turn afterFailure(Life over) {
        boolean wasStable = over.phase() == Phase.RUNNING
                && moment.nowMillis() - over.since()
                        >= rules.restart().stableAfter().toMillis();
        int failures = (wasStable ? 0 : over.failures()) + 1;
        List<Long> recent = new ArrayList<>(wasStable ? List.of() : over.recent());
        recent.removeIf(at -> moment.nowMillis() - at > WINDOW_MILLIS);
        recent.add(moment.nowMillis());
        Life counted = over.failed(failures, recent);
        boolean usedUp = failures > rules.restart().attemptsMax() || recent.size() > WINDOW_FAILURES_MAX;
        return usedUp
                ? parked(counted)
                : retry(counted, Phase.BACKOFF, backoffMillis(rules.restart(), failures, moment.random()));
    }

    Turn parked(Life from) {
        return retry(from, Phase.PARKED, jittered(Lifecycle.PARKED_RETRY_MILLIS, moment.random()));
    }

    /** The host's fault, not the server's: it counts as no failure. */
    Turn afterHostFault(Life from) {
        return retry(from, Phase.BACKOFF, jittered(Lifecycle.HOST_FAULT_RETRY_MILLIS, moment.random()));
    }

    private Turn retry(Life from, Phase phase, long delayMillis) {
        Life armed = from.in(phase).retryingAt(moment.nowMillis() + delayMillis).nextAlarm();
        return Turn.of(armed, new Effect.Arm(armed.alarm(), delayMillis));
    }

    /** The failure after which {@code failures} failures in a row are on the books: how long until the next try. */
    static long backoffMillis(RestartPolicy policy, int failures, double random) {
        boolean atOnce = policy.delay().isZero();
        if (atOnce && failures <= 1) {
            return 0;
        }
        long maxMillis = policy.delayMax().toMillis();
        int doublings = Math.min(Math.max(failures - (atOnce ? 2 : 1), 0), 30);
        long base = (atOnce ? RestartPolicy.DEFAULT : policy).delay().toMillis();
        long step = base >= (maxMillis >> doublings) + 1 ? maxMillis : Math.min(maxMillis, base << doublings);
        return jittered(step, random);
    }

    private static long jittered(long millis, double random) {
        return millis + (long) (millis * 0.1 * random);
    }
}

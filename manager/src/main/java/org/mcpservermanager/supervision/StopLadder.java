package org.mcpservermanager.supervision;

import java.time.Duration;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Timeouts;

/**
 * How long each rung of a stop may take.
 *
 * @param settle for calls that are about to begin, as they took hold of the copy before its successor was there
 * @param drain for calls that are under way
 * @param endOfInput from closing stdin to TERM
 * @param term from TERM to KILL
 */
record StopLadder(Duration settle, Duration drain, Duration endOfInput, Duration term) {
    static final StopLadder KILL = new StopLadder(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    private static final Duration SETTLE = Duration.ofMillis(200);
    private static final Duration BROKEN_TERM = Duration.ofSeconds(2);

    static StopLadder of(ServerSpec spec, Effect.Ladder politeness) {
        Timeouts timeouts = spec.timeouts();
        return switch (politeness) {
            case GRACEFUL ->
                new StopLadder(Duration.ZERO, spec.start().drain(), timeouts.endOfInput(), timeouts.stop());
            case RETIRE ->
                new StopLadder(
                        SETTLE,
                        longer(spec.start().drain(), timeouts.request()),
                        timeouts.endOfInput(),
                        timeouts.stop());
            case SHORT ->
                new StopLadder(
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        timeouts.stop().compareTo(BROKEN_TERM) < 0 ? timeouts.stop() : BROKEN_TERM);
            case FORCE -> KILL;
        };
    }

    StopLadder withoutDrain() {
        return new StopLadder(Duration.ZERO, Duration.ZERO, endOfInput, term);
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}

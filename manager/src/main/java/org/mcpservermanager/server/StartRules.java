package org.mcpservermanager.server;

import java.time.Duration;
import java.util.Objects;

/**
 * What starting and stopping a server has to keep to beyond its timeouts.
 *
 * @param startupMax from spawn to the end of the handshake, however busy the server is meanwhile
 * @param drain on stop: how long calls that are under way may go on before stdin is closed
 * @param spares processes kept ready for clients that need a copy of their own, once there was such a client
 */
public record StartRules(Duration startupMax, Duration drain, Dependencies dependencies, int spares) {
    public static final int SPARES_MAX = 4;
    public static final StartRules DEFAULT =
            new StartRules(Duration.ofMinutes(10), Duration.ofSeconds(5), Dependencies.NONE);

    public StartRules(Duration startupMax, Duration drain, Dependencies dependencies) {
        this(startupMax, drain, dependencies, 1);
    }

    public StartRules {
        check(startupMax, "startup_timeout_max");
        check(drain, "drain_timeout");
        Objects.requireNonNull(dependencies, "dependencies");
        if (spares < 0 || spares > SPARES_MAX) {
            throw new IllegalArgumentException("spares: " + spares + " (expected: 0 to " + SPARES_MAX + ")");
        }
    }

    public StartRules withSpares(int number) {
        return new StartRules(startupMax, drain, dependencies, number);
    }

    private static void check(Duration d, String what) {
        if (d.isNegative() || d.isZero() || d.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(what + ": " + d + " (expected: more than 0, at most 1 day)");
        }
    }
}

package org.mcpservermanager.server;

import java.time.Duration;

/**
 * How long the manager waits for a server.
 *
 * @param startup from spawn to the end of the handshake
 * @param request for the answer to one client request
 * @param endOfInput on stop: from closing stdin to SIGTERM
 * @param stop on stop: from SIGTERM to SIGKILL
 */
public record Timeouts(Duration startup, Duration request, Duration endOfInput, Duration stop) {
    public static final Timeouts DEFAULT =
            new Timeouts(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(2), Duration.ofSeconds(10));
    /** For launchers that download first: npx, uvx, pipx, bunx, docker. */
    public static final Duration STARTUP_OF_INSTALLERS = Duration.ofSeconds(120);

    public Timeouts {
        check(startup, "startup_timeout");
        check(request, "request_timeout");
        check(endOfInput, "end of input grace");
        check(stop, "shutdown_timeout");
    }

    private static void check(Duration d, String what) {
        if (d.isNegative() || d.isZero() || d.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(what + ": " + d + " (expected: more than 0, at most 1 day)");
        }
    }
}

package org.mcpservermanager.store;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;

/** One change of phase, as it is kept. */
public record Transition(
        ServerId server,
        long generation,
        Phase from,
        Phase to,
        Optional<Problem> cause,
        Optional<Exit> exit,
        Instant at) {
    public Transition {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(exit, "exit");
        Objects.requireNonNull(at, "at");
    }

    static Transition of(Event.PhaseChanged event) {
        return new Transition(
                event.server(), event.generation(), event.from(), event.to(), event.cause(), event.exit(), event.at());
    }
}

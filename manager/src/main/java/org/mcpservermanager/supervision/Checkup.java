package org.mcpservermanager.supervision;

import java.util.Optional;
import java.util.function.Consumer;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.health.CopyProbe;
import org.mcpservermanager.health.Finding;
import org.mcpservermanager.health.HealthState;
import org.mcpservermanager.health.Monitor;
import org.mcpservermanager.health.Probe;
import org.mcpservermanager.health.RequestProbe;
import org.mcpservermanager.server.Health;
import org.mcpservermanager.server.HealthPolicy;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerSpec;

/** How a copy is checked, and when it has failed its checks; the same for every copy. */
final class Checkup {
    private Checkup() {}

    static Monitor monitor(
            HealthPolicy policy, Copy copy, Conversation conversation, Surroundings around, Consumer<Finding> found) {
        Probe asked = around.dialer()
                .outside(policy.way(), copy.reached(), copy.child())
                .orElseGet(() -> new RequestProbe(conversation, policy.request(), around.sharedProfile()));
        return new Monitor(
                new CopyProbe(copy.child(), asked),
                policy.timeout(),
                new Monitor.Means(around.checks(), around.executor(), around.timer(), around.nanos(), around.random()),
                found);
    }

    /**
     * Why the copy should be replaced; empty while it should not. A server that works at a client's call and does nothing else
     * meanwhile answers no check: it has as long as a call may be silent.
     */
    static Optional<Problem> problem(ServerSpec spec, HealthState state, Optional<Conversation> watched) {
        boolean busy = watched.filter(each -> each.inFlight() > 0)
                .filter(each -> each.silence().compareTo(spec.timeouts().request()) < 0)
                .isPresent();
        if (state.health() != Health.UNHEALTHY || state.failures() == 0 || busy) {
            return Optional.empty();
        }
        return Optional.of(new Problem(
                Problem.UNHEALTHY,
                "unhealthy: " + String.join("; ", state.checks().issues()),
                "Look at its stderr; raise health_check_timeout or failure_threshold if it needs longer, or set"
                        + " \"health\": false to leave it unchecked."));
    }
}

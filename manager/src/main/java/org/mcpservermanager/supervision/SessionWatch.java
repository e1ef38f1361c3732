package org.mcpservermanager.supervision;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Logger;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.health.Finding;
import org.mcpservermanager.health.HealthState;
import org.mcpservermanager.health.Monitor;
import org.mcpservermanager.server.HealthPolicy;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerSpec;

/** Checks one session's copy as the shared one is checked, and fails it when it is not well: the session's next call gets another. */
final class SessionWatch {
    private static final Logger LOG = Logger.getLogger(SessionWatch.class.getName());
    private final Supplier<ServerSpec> specs;
    private final Surroundings surroundings;
    private final Mailbox mailbox;
    private Copy copy; // this and all below only in the mailbox; null until it is ready
    private Conversation conversation;
    private HealthPolicy policy;
    private HealthState state = HealthState.INITIAL;
    private Optional<Monitor> monitor = Optional.empty();
    private boolean closed;

    SessionWatch(Supplier<ServerSpec> specs, Surroundings surroundings) {
        this.specs = specs;
        this.surroundings = surroundings;
        this.mailbox = new Mailbox(surroundings.executor(), surroundings.timer());
    }

    void begin(Copy ready, Conversation opened) {
        mailbox.execute(() -> {
            copy = ready;
            conversation = opened;
            follow();
        });
    }

    /** The spec may have changed. */
    void adapt() {
        mailbox.execute(() -> {
            if (copy != null && !specs.get().health().equals(policy)) {
                follow();
            }
        });
    }

    void close() {
        mailbox.execute(() -> {
            closed = true;
            forget();
        });
    }

    private void follow() {
        forget();
        policy = specs.get().health();
        state = state.ready(policy);
        if (policy.enabled() && !closed) {
            Monitor[] self = new Monitor[1];
            Monitor fresh = Checkup.monitor(
                    policy, copy, conversation, surroundings, finding -> mailbox.execute(() -> take(self[0], finding)));
            self[0] = fresh;
            monitor = Optional.of(fresh);
            fresh.checkAfter(policy.interval());
        }
    }

    private void forget() {
        monitor.ifPresent(Monitor::close);
        monitor = Optional.empty();
    }

    private void take(Monitor from, Finding finding) {
        if (monitor.filter(current -> current == from).isEmpty()) {
            return;
        }
        state = state.next(finding, policy, surroundings.clock().instant());
        Optional<Problem> problem = Checkup.problem(specs.get(), state, Optional.of(conversation));
        if (problem.isEmpty()) {
            from.checkAfter(state.pause(policy));
            return;
        }
        forget();
        LOG.warning(() -> "a session's copy of server \"" + specs.get().id() + "\", pid " + copy.pid()
                + ", is ended; the session's next call starts another: "
                + problem.get().message());
        copy.fail(problem.get());
    }
}

package org.mcpservermanager.supervision;

import java.util.List;
import java.util.Optional;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.health.Finding;
import org.mcpservermanager.health.HealthState;
import org.mcpservermanager.health.Monitor;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Health;
import org.mcpservermanager.server.HealthPolicy;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerSpec;

/** The health of a server's shared copy, and who checks it; confined to the supervisor's mailbox. */
final class Watch {
    private final Supplier<ServerSpec> specs;
    private HealthPolicy policy;
    private final Surroundings surroundings;
    private final ObjLongConsumer<Finding> found;
    private HealthState state = HealthState.INITIAL;
    private Health told = state.health();
    private Optional<Monitor> monitor = Optional.empty();
    private Optional<Conversation> watched = Optional.empty();

    /** @param found told every finding and the generation it is about, on whatever thread */
    Watch(Supplier<ServerSpec> specs, Surroundings surroundings, ObjLongConsumer<Finding> found) {
        this.specs = specs;
        this.policy = specs.get().health();
        this.surroundings = surroundings;
        this.found = found;
    }

    HealthState state() {
        return state;
    }

    /** The phase changed. {@code copy} and {@code conversation} are there when it is RUNNING. */
    void follow(Life life, Copy copy, Conversation conversation) {
        policy = specs.get().health();
        monitor.ifPresent(Monitor::close);
        monitor = Optional.empty();
        watched = Optional.ofNullable(conversation);
        state = entering(life);
        if (life.phase() == Phase.RUNNING && policy.enabled()) {
            Monitor fresh = monitor(life.generation(), copy, conversation);
            monitor = Optional.of(fresh);
            fresh.checkAfter(policy.interval());
        }
    }

    /** The spec changed, the phase did not. */
    void adapt(Life life, Copy copy, Conversation conversation) {
        if (!policy.equals(specs.get().health())) {
            follow(life, copy, conversation);
        }
    }

    private Monitor monitor(long generation, Copy copy, Conversation conversation) {
        return Checkup.monitor(policy, copy, conversation, surroundings, finding -> found.accept(finding, generation));
    }

    private HealthState entering(Life life) {
        return switch (life.phase()) {
            case RUNNING -> state.ready(policy);
            case BACKOFF, PARKED, FATAL -> state.critical(issue(life));
            case EXITED -> isClean(life.exit()) ? state.unknown() : state.critical(issue(life));
            case STARTING -> state.health() == Health.CRITICAL ? state : state.unknown();
            case STOPPED, STOPPING, DISABLED, RECOVERING -> state.unknown();
        };
    }

    private boolean isClean(Optional<Exit> exit) {
        return exit.map(Exit::code)
                .filter(code ->
                        code == 0 || specs.get().restart().cleanExitCodes().contains(code))
                .isPresent();
    }

    private static String issue(Life life) {
        return life.problem().map(Problem::message).orElse("it is not running");
    }

    void take(Finding finding) {
        state = state.next(finding, policy, surroundings.clock().instant());
    }

    /** The next check, if the copy is still watched. */
    void goOn() {
        monitor.ifPresent(each -> each.checkAfter(state.pause(policy)));
    }

    /** The health, if it is another than this said before. */
    Optional<Event.HealthChanged> change() {
        if (state.health() == told) {
            return Optional.empty();
        }
        Health before = told;
        told = state.health();
        List<String> issues = state.checks().issues();
        return Optional.of(new Event.HealthChanged(
                specs.get().id(),
                before,
                told,
                String.join("; ", issues),
                surroundings.clock().instant()));
    }

    /** Why the copy should be replaced; empty while it should not. */
    Optional<Problem> problem() {
        return Checkup.problem(specs.get(), state, watched);
    }
}

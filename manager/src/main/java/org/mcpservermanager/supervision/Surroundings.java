package org.mcpservermanager.supervision;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.health.CheckSlots;
import org.mcpservermanager.process.LaunchRefused;
import org.mcpservermanager.process.Launcher;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;

/**
 * What all supervisors share; tests pass a virtual clock and scripted children.
 *
 * @param wishes told every new wish, so that it survives a restart of the manager
 * @param nanos monotonic clock
 * @param clock wall clock, for people only
 * @param sharedProfile what a copy shared by many clients is told at initialize
 * @param askableProfile the same where the operator asked for a shared copy that may ask its clients
 */
record Surroundings(
        Launches launches,
        Launcher launcher,
        Dialer dialer,
        StartSlots slots,
        StartGate gate,
        CheckSlots checks,
        Events events,
        Wishes wishes,
        Executor executor,
        ScheduledExecutorService timer,
        LongSupplier nanos,
        Clock clock,
        DoubleSupplier random,
        Profile sharedProfile,
        Profile askableProfile,
        Ports ports) {
    private static final Logger LOG = Logger.getLogger(Surroundings.class.getName());

    /** Tells everybody when the machine is why a launch failed: not when it is the server, or what only such servers need. */
    void refused(ServerId server, LaunchRefused refusal) {
        boolean concernsAll = refusal.hostFault() && refusal.problem().code().equals(Problem.HOST_EXHAUSTED);
        if (concernsAll && slots.faulted(refusal.problem())) {
            alert(server, refusal.problem(), false);
        }
    }

    /** @param owner who asked the slots for this launch */
    void spawned(ServerId server, Object owner) {
        slots.spawned(owner).ifPresent(over -> alert(server, over, true));
    }

    /** The news that a process of a copy ended now. */
    Event exitOf(ServerId server, long number, long pid, Exit exit, boolean expected) {
        return new Event.ProcessExited(server, number, pid, exit, expected, clock.instant());
    }

    /** What a server leaves behind that hides from the manager is at least said. */
    void escaped(ServerId server, List<Long> pids) {
        String who = pids.stream().map(String::valueOf).collect(Collectors.joining(", "));
        Problem problem = new Problem(
                Problem.PROCESS_ESCAPED,
                "server \"" + server + "\" ended, and left processes that had left its session, its parents and its"
                        + " environment: pid " + who,
                "Look at them and end them by hand; \"containment\": \"cgroup\", \"pidns\" or a container lets none"
                        + " escape.");
        LOG.warning(problem::toString);
        alert(server, problem, false);
    }

    private void alert(ServerId server, Problem problem, boolean over) {
        events.publish(new Event.Alert(server, problem, over, clock.instant()));
    }
}

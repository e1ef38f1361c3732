package org.mcpservermanager.supervision;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Snapshot;

/**
 * In front of the places for starting servers: whoever comes after others waits here, without a place, until they are ready. It
 * follows the events of the fleet to let them through, and to restart who is bound to one that died.
 */
final class StartGate {
    private final StartSlots slots;
    /** With what completes when they may be judged. Guarded by itself. */
    private final Map<Supervisor, CompletableFuture<Void>> waiting = new LinkedHashMap<>();

    private volatile Map<ServerId, Supervisor> fleet = Map.of(); // set once, before anything starts
    private final Object index = new Object();
    private List<Supervisor> needing; // guarded by index: who needs others; null after a change of the fleet

    StartGate(StartSlots slots) {
        this.slots = slots;
    }

    /** @param members a live, concurrent view of the fleet */
    void guard(Map<ServerId, Supervisor> members) {
        fleet = members;
    }

    /** A member came, went, or needs others than before. */
    void changed() {
        synchronized (index) {
            needing = null;
        }
    }

    private List<Supervisor> needing() {
        synchronized (index) {
            if (needing == null) {
                needing = fleet.values().stream()
                        .filter(member ->
                                !member.spec().start().dependencies().needed().isEmpty())
                        .toList();
            }
            return needing;
        }
    }

    void ask(Supervisor server) {
        CompletableFuture<Void> judgeable = ordersBefore(server);
        synchronized (waiting) {
            waiting.put(server, judgeable);
        }
        judgeable.thenRun(() -> lookAt(server));
    }

    /** Who starts a server starts first what it needs, each in its own mailbox: these orders may be taken after its own. */
    private CompletableFuture<Void> ordersBefore(Supervisor server) {
        return CompletableFuture.allOf(server.spec().start().dependencies().needed().stream()
                .flatMap(id -> Optional.ofNullable(fleet.get(id)).stream())
                .map(Supervisor::ordersTaken)
                .toArray(CompletableFuture<?>[]::new));
    }

    /** For one that got its place: what must run first may have ended while it waited for that. */
    boolean isOpen(Supervisor server) {
        return Verdict.on(server.spec(), this::snapshot) instanceof Verdict.Go;
    }

    /** Gives a place back, or stops waiting for one. */
    void release(Supervisor server) {
        synchronized (waiting) {
            waiting.remove(server);
        }
        slots.release(server);
    }

    void on(Event event) {
        if (event instanceof Event.PhaseChanged change) {
            lookAt(change);
        } else if (event instanceof Event.FleetChanged) {
            lookAgain();
        }
    }

    private void lookAt(Event.PhaseChanged change) {
        if (change.to() == Phase.RUNNING) {
            needing().stream()
                    .filter(member ->
                            member.spec().start().dependencies().needed().contains(change.server()))
                    .forEach(Supervisor::unblocked);
        } else if (change.from() == Phase.RUNNING) {
            Problem cause = new Problem(
                    Problem.DEPENDENCY_NOT_RUNNING, "bound to server \"" + change.server() + "\", which ended", "");
            needing().stream()
                    .filter(member ->
                            member.spec().start().dependencies().bind().contains(change.server()))
                    .forEach(member -> member.replace(cause));
        }
        lookAgain();
    }

    private void lookAgain() {
        List<Supervisor> all;
        synchronized (waiting) {
            all = new ArrayList<>(waiting.keySet());
        }
        all.forEach(this::lookAt);
    }

    private void lookAt(Supervisor server) {
        if (!isJudgeable(server)) {
            return;
        }
        Verdict verdict = Verdict.on(server.spec(), this::snapshot);
        if (verdict instanceof Verdict.Wait || !leaves(server)) {
            return;
        }
        if (verdict instanceof Verdict.Never never) {
            server.blocked(never.problem());
        } else {
            slots.ask(
                    server, server.spec().priority(), () -> server.spec().wire().launches(), server::granted);
        }
    }

    private boolean isJudgeable(Supervisor server) {
        synchronized (waiting) {
            CompletableFuture<Void> judgeable = waiting.get(server);
            return judgeable != null && judgeable.isDone();
        }
    }

    private boolean leaves(Supervisor server) {
        synchronized (waiting) {
            return waiting.remove(server) != null;
        }
    }

    private Optional<Snapshot> snapshot(ServerId id) {
        return Optional.ofNullable(fleet.get(id)).map(Supervisor::snapshot);
    }
}

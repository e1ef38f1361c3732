package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.process.LaunchRefused;
import org.mcpservermanager.server.Dependencies;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Exposure;
import org.mcpservermanager.server.NameFilter;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.Quota;
import org.mcpservermanager.server.RestartPolicy;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.StartRules;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.supervision.ScriptedWorld.FakeChild;

class UpdateTest {
    private static final ServerId ID = new ServerId("a");
    private final ScriptedWorld world = new ScriptedWorld();
    private final Servers servers = new Servers(world.surroundings, Map.of());
    private final ServerSpec spec = ScriptedWorld.spec("a");

    private CompletableFuture<Snapshot> update(ServerSpec next) {
        return servers.update(next).toCompletableFuture();
    }

    private void running() {
        servers.add(List.of(spec));
        world.child().becomesReady();
    }

    private Snapshot server() {
        return servers.server(ID).orElseThrow();
    }

    @Test
    void theSameSpecChangesNothing() {
        running();
        world.events.clear();
        assertEquals(Phase.RUNNING, update(spec.from("elsewhere")).join().phase());
        assertEquals(List.of(), world.events);
        assertEquals(1, world.children.size());
    }

    @Test
    void anotherPolicyCountsWithoutARestart() {
        running();
        update(changed(spec, spec.wire(), true, RestartPolicy.Mode.TEMPORARY)).join();
        assertEquals(1, world.children.size());
        assertTrue(world.events.stream().anyMatch(event -> event.type().equals("fleet:changed")));

        world.child().dies(1);
        assertEquals(Phase.EXITED, server().phase());
    }

    @Test
    void whatClientsSeeAndMayAskChangesWithoutARestart() {
        running();
        NameFilter none = new NameFilter(List.of(), List.of("*"));
        ServerSpec hidden = spec.with(new Exposure(Exposure.Named.ALL, Exposure.Named.ALL, none))
                .with(new Quota(1, 1, false));
        assertEquals(Phase.RUNNING, update(hidden).join().phase());
        assertEquals(hidden, server().spec());
        assertEquals(1, world.children.size());
        assertTrue(world.events.stream().anyMatch(event -> event.type().equals("fleet:changed")));
    }

    @Test
    void anotherEnvironmentReplacesTheProcess() {
        running();
        Wire other = new Wire.Stdio("fake", List.of(), Map.of("KEY", "new"), "");
        CompletableFuture<Snapshot> updated = update(changed(spec, other, true, RestartPolicy.Mode.TRANSIENT));
        assertFalse(updated.isDone());
        world.child().becomesReady();
        assertEquals(Phase.RUNNING, updated.join().phase());
        assertEquals(2, world.children.size());
        assertEquals(other, updated.join().spec().wire());
    }

    @Test
    void aCorrectedCommandEndsFatalAtOnce() {
        world.refusal = new LaunchRefused(new Problem(Problem.COMMAND_NOT_FOUND, "no such command: x", ""), false);
        servers.add(List.of(spec));
        assertEquals(Phase.FATAL, server().phase());

        world.refusal = null;
        world.readyAtOnce = true;
        Wire other = new Wire.Stdio("there", List.of(), Map.of(), "");
        assertEquals(
                Phase.RUNNING,
                update(changed(spec, other, true, RestartPolicy.Mode.TRANSIENT))
                        .join()
                        .phase());
    }

    @Test
    void aCorrectionThatIsNoPartOfTheLaunchEndsFatalAtOnce() {
        world.refusal = new LaunchRefused(new Problem(Problem.BEAN_NOT_FOUND, "no such bean: x", ""), false);
        servers.add(List.of(spec));
        assertEquals(Phase.FATAL, server().phase());

        world.refusal = null;
        world.readyAtOnce = true;
        assertEquals(
                Phase.RUNNING,
                update(changed(spec, spec.wire(), true, RestartPolicy.Mode.TEMPORARY))
                        .join()
                        .phase());
    }

    @Test
    void anotherPolicyEndsParkedAtOnce() {
        servers.add(List.of(spec));
        for (int starts = 1; server().phase() != Phase.PARKED; starts++) {
            assertTrue(starts <= 10, server().toString());
            world.child().dies(1);
            world.time.advanceMillis(60_000);
        }
        world.readyAtOnce = true;
        assertEquals(
                Phase.RUNNING,
                update(changed(spec, spec.wire(), true, RestartPolicy.Mode.PERMANENT))
                        .join()
                        .phase());
        assertEquals(0, server().counts().failuresInRow());
    }

    @Test
    void disablingStopsItAndEnablingBringsItBack() {
        running();
        ServerSpec off = changed(spec, spec.wire(), false, RestartPolicy.Mode.TRANSIENT);
        assertEquals(Phase.DISABLED, update(off).join().phase());
        assertTrue(world.child().exited.isDone());
        assertEquals(
                Phase.DISABLED, servers.start(ID).toCompletableFuture().join().phase());

        world.readyAtOnce = true;
        assertEquals(Phase.RUNNING, update(spec).join().phase());
    }

    @Test
    void isForgottenWhenItIsRemoved() {
        running();
        assertEquals(
                Phase.STOPPED, servers.remove(ID).toCompletableFuture().join().phase());
        assertEquals(List.of(), servers.servers());
        assertEquals(1, removals());
        servers.add(List.of(spec));
    }

    @Test
    void oneThatCannotBeEndedIsForgottenOnlyWhenItIsGone() {
        running();
        FakeChild left = world.child();
        left.stuck = true;
        Snapshot last = servers.remove(ID).toCompletableFuture().join();
        assertTrue(last.failure().stuck());
        assertEquals(Phase.STOPPING, server().phase());
        assertEquals(0, removals());

        ProblemException refused = assertThrows(ProblemException.class, () -> servers.add(List.of(spec)));
        assertTrue(refused.problem().message().contains("is being removed"), refused.problem()::toString);
        assertThrows(
                ProblemException.class,
                () -> servers.update(changed(spec, spec.wire(), true, RestartPolicy.Mode.TEMPORARY)));
        assertTrue(servers.remove(ID).toCompletableFuture().join().failure().stuck());

        left.becomesEmpty();
        assertEquals(List.of(), servers.servers());
        assertEquals(1, removals());
        servers.add(List.of(spec));
        assertEquals(2, world.children.size());
    }

    private long removals() {
        return world.events.stream()
                .filter(event -> event instanceof Event.FleetChanged change
                        && change.change() == Event.FleetChanged.Change.REMOVED)
                .count();
    }

    @Test
    void aStoppedServerStaysStopped() {
        running();
        servers.stop(ID, false).toCompletableFuture().join();
        Wire other = new Wire.Stdio("other", List.of(), Map.of(), "");
        assertEquals(
                Phase.STOPPED,
                update(changed(spec, other, true, RestartPolicy.Mode.TRANSIENT))
                        .join()
                        .phase());
        assertEquals(1, world.children.size());
    }

    @Test
    void refusesACycleAndKeepsTheSpec() {
        running();
        servers.add(List.of(requiring("b", "a")));
        assertThrows(ProblemException.class, () -> servers.update(requiring("a", "b")));
        assertEquals(spec, server().spec());
    }

    private static ServerSpec requiring(String id, String other) {
        StartRules standard = StartRules.DEFAULT;
        return ScriptedWorld.spec(id)
                .with(new StartRules(
                        standard.startupMax(),
                        standard.drain(),
                        new Dependencies(List.of(), List.of(new ServerId(other)), List.of())));
    }

    private static ServerSpec changed(ServerSpec spec, Wire wire, boolean enabled, RestartPolicy.Mode mode) {
        return spec.draft()
                .wire(wire)
                .enabled(enabled)
                .restart(new RestartPolicy(
                        mode,
                        true,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(60),
                        5,
                        Duration.ofSeconds(60),
                        java.util.Set.of()))
                .spec();
    }
}

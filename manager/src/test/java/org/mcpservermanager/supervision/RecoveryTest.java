package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.process.Survival;
import org.mcpservermanager.server.Containment;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.server.Wish;
import org.mcpservermanager.supervision.ScriptedWorld.FakeChild;

/** What a supervisor makes of a process that outlived an earlier manager. */
class RecoveryTest {
    private static final int PORT = 8123;
    private static final ServerSpec SPEC = spec("fake", true);
    private final ScriptedWorld world = new ScriptedWorld();
    private Wish wish = Wish.UP;
    private Servers servers;

    private static ServerSpec spec(String command, boolean survives) {
        return ScriptedWorld.spec("a")
                .with(new Wire.Served(
                        new Wire.Stdio(command, List.of("${port}"), Map.of(), ""),
                        Wire.Speech.HTTP,
                        0,
                        "/mcp",
                        survives));
    }

    private void managerStarts(ServerSpec spec) {
        world.survival = new Survival(PORT, LaunchDigest.of(SPEC));
        servers = new Servers(world.surroundings, Map.of(spec.id(), wish));
        servers.add(List.of(spec));
    }

    private Snapshot server() {
        return servers.server(SPEC.id()).orElseThrow();
    }

    private List<Phase> phases() {
        return world.events.stream()
                .filter(Event.PhaseChanged.class::isInstance)
                .map(event -> ((Event.PhaseChanged) event).to())
                .toList();
    }

    @Test
    void isTheCopyWhenItAnswers() {
        managerStarts(SPEC);
        assertEquals(Phase.RECOVERING, server().phase());
        assertEquals(0, world.launches);

        world.child().becomesReady();
        assertEquals(Phase.RUNNING, server().phase());
        assertEquals(1000, server().running().pid());
        assertEquals(List.of(Phase.RECOVERING, Phase.RUNNING), phases());
        assertEquals(0, server().counts().restarts());
        assertEquals(List.of(), world.child().ladder);
    }

    @Test
    void isReplacedAfterItsDeathLikeAnyOther() {
        managerStarts(SPEC);
        world.child().becomesReady();
        world.child().dies(-1);
        world.child().becomesEmpty();
        world.time.advanceMillis(2_000);
        assertEquals(1, world.launches);
    }

    @Test
    void makesRoomWhenItDoesNotAnswerInTime() {
        managerStarts(SPEC);
        FakeChild left = world.child();
        left.endsWhenStopped = false;
        world.time.advanceMillis(9_999);
        assertEquals(Phase.RECOVERING, server().phase());
        world.time.advanceMillis(1);
        assertEquals(Phase.STOPPING, server().phase());
        String problem = server().failure().problem().orElseThrow().toString();
        assertFalse(problem.contains("startup_timeout if"), problem);
        assertTrue(problem.contains("started anew"), problem);
        assertEquals(1, left.ladder.size());
        assertEquals(0, world.launches);

        left.becomesEmpty();
        assertEquals(1, world.launches);
        assertEquals(List.of(Phase.RECOVERING, Phase.STOPPING, Phase.STARTING), phases());
        assertEquals(0, server().counts().failuresInRow());
    }

    @Test
    void makesRoomWhenItsHandshakeFailsOrItDies() {
        managerStarts(SPEC);
        world.child()
                .dialed
                .completeExceptionally(new ProblemException(new Problem(Problem.HANDSHAKE_FAILED, "m", "")));
        assertEquals(1, world.launches);
        assertEquals(Phase.STARTING, server().phase());
    }

    @Test
    void endsWhenItsServerIsStoppedMeanwhile() {
        managerStarts(SPEC);
        FakeChild left = world.child();
        servers.stop(SPEC.id(), false).toCompletableFuture().join();
        assertEquals(Phase.STOPPED, server().phase());
        assertTrue(left.empty.isDone());
        left.becomesReady();
        assertEquals(Phase.STOPPED, server().phase());
        assertEquals(0, world.launches);
    }

    @Test
    void isLeftToTheLauncherWhereItIsNotWantedOrLaunchedBySomethingElse() {
        for (ServerSpec other : List.of(
                spec("another", true),
                spec("fake", false),
                SPEC.with(Containment.Level.GROUP),
                ScriptedWorld.spec("a"))) {
            managerStarts(other);
            assertNotEquals(Phase.RECOVERING, server().phase(), other.toString());
            assertTrue(world.survival != null);
        }
        wish = Wish.DOWN;
        managerStarts(SPEC);
        assertEquals(Phase.STOPPED, server().phase());
        assertTrue(world.survival != null);
    }

    @Test
    void keepsItsPortFromOthers() {
        managerStarts(SPEC);
        assertThrows(ProblemException.class, () -> world.surroundings.ports().take(SPEC.id(), PORT));

        servers.stop(SPEC.id(), true).toCompletableFuture().join();
        world.surroundings.ports().give(world.surroundings.ports().take(SPEC.id(), PORT));
    }

    @Test
    void whoAwaitsTheStartIsToldOfTheRecovery() {
        managerStarts(SPEC);
        CompletableFuture<Snapshot> started = servers.start(SPEC.id()).toCompletableFuture();
        assertFalse(started.isDone());
        world.child().becomesReady();
        assertEquals(Phase.RUNNING, started.join().phase());
    }
}

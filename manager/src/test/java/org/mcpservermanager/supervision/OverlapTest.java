package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.process.LaunchRefused;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.supervision.ScriptedWorld.FakeChild;

class OverlapTest {
    private static final ServerId ID = new ServerId("a");
    private final ScriptedWorld world = new ScriptedWorld();
    private final Servers servers = new Servers(world.surroundings, Map.of());
    private final ServerSpec spec = overlapping(ScriptedWorld.spec("a"));
    private FakeChild old;

    static ServerSpec overlapping(ServerSpec spec) {
        return spec.with(spec.restart().overlapping(true));
    }

    @BeforeEach
    void run() {
        servers.add(List.of(spec));
        old = world.child();
        old.becomesReady();
        world.events.clear();
    }

    private CompletableFuture<Snapshot> restart() {
        return servers.restart(ID).toCompletableFuture();
    }

    private Supervisor server() {
        return servers.find(ID).orElseThrow();
    }

    private List<String> changes() {
        return world.events.stream()
                .filter(Event.PhaseChanged.class::isInstance)
                .map(Event::type)
                .toList();
    }

    private static void awaitEnd(FakeChild child) {
        child.empty.orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Test
    void theReplacementIsReadyBeforeTheOldCopyEnds() {
        CompletableFuture<Snapshot> restarted = restart();
        assertFalse(restarted.isDone());
        assertEquals(2, world.children.size());
        assertEquals(Phase.RUNNING, server().snapshot().phase());
        assertSame(old.conversation, server().conversation().orElseThrow());

        world.child().becomesReady();
        Snapshot after = restarted.join();
        assertEquals(Phase.RUNNING, after.phase());
        assertEquals(2, after.generation());
        assertEquals(1002, after.running().pid());
        assertSame(world.child().conversation, server().conversation().orElseThrow());
        assertEquals(List.of("server:replaced"), changes());
        awaitEnd(old);
        assertFalse(world.child().exited.isDone());
    }

    @Test
    void callsOfTheOldCopyMayEnd() {
        old.conversation.callsOfClients = 1;
        restart();
        world.child().becomesReady();
        assertFalse(old.empty.isDone());
        old.conversation.callsOfClients = 0;
        old.conversation.idle.complete(null);
        awaitEnd(old);
        assertEquals("process_exited", old.conversation.endedBecause.code());
    }

    @Test
    void aReplacementThatDiesLeavesTheOldCopyServing() {
        CompletableFuture<Snapshot> restarted = restart();
        world.child().dies(1);
        Snapshot after = restarted.join();
        assertEquals(Phase.RUNNING, after.phase());
        assertEquals(1, after.generation());
        assertEquals(
                Problem.REPLACEMENT_FAILED,
                after.failure().problem().orElseThrow().code());
        assertSame(old.conversation, server().conversation().orElseThrow());
        assertEquals(List.of("server:replacement-failed"), changes());
        assertFalse(old.exited.isDone());

        world.readyAtOnce = true;
        assertEquals(3, restart().join().generation());
        assertTrue(server().snapshot().failure().problem().isEmpty());
    }

    @Test
    void aCommandThatCannotRunLeavesTheOldCopyServing() {
        world.refusal = new LaunchRefused(new Problem(Problem.COMMAND_NOT_FOUND, "no such command: x", ""), false);
        Snapshot after = restart().join();
        assertEquals(1, after.generation());
        assertTrue(after.failure().problem().orElseThrow().message().contains("no such command: x"));
        assertSame(old.conversation, server().conversation().orElseThrow());
    }

    @Test
    void aReplacementThatIsNeverReadyIsGivenUp() {
        CompletableFuture<Snapshot> restarted = restart();
        world.time.advanceMillis(31_000);
        assertTrue(restarted.isDone());
        assertEquals(1, restarted.join().generation());
        assertTrue(world.child().empty.isDone());
    }

    @Test
    void whenTheOldCopyDiesMeanwhileTheReplacementIsTheServer() {
        CompletableFuture<Snapshot> restarted = restart();
        old.dies(9);
        assertEquals(Phase.STARTING, server().snapshot().phase());
        assertTrue(server().conversation().isEmpty());
        world.child().becomesReady();
        assertEquals(2, restarted.join().generation());
        assertEquals(2, world.children.size());
        assertEquals(List.of("server:starting", "server:started"), changes());
    }

    @Test
    void stopEndsBoth() {
        restart();
        Snapshot stopped = servers.stop(ID, false).toCompletableFuture().join();
        assertEquals(Phase.STOPPED, stopped.phase());
        assertTrue(world.children.stream().allMatch(child -> child.empty.isDone()));
    }

    @Test
    void stopIsOverWhenTheLastOfBothHasEnded() {
        old.endsWhenStopped = false;
        restart();
        world.child().becomesReady();
        CompletableFuture<Snapshot> stopped = servers.stop(ID, true).toCompletableFuture();
        assertEquals(Phase.STOPPING, server().snapshot().phase());
        old.becomesEmpty();
        assertEquals(Phase.STOPPED, stopped.join().phase());
    }

    @Test
    void neverMoreThanTwoLive() {
        old.conversation.callsOfClients = 1;
        restart();
        world.child().becomesReady();
        CompletableFuture<Snapshot> again = restart();
        assertEquals(2, world.children.size());
        assertFalse(again.isDone());

        old.conversation.idle.complete(null);
        old.conversation.callsOfClients = 0;
        awaitEnd(old);
        world.awaitChildren(3);
        world.child().becomesReady();
        assertEquals(3, again.join().generation());
    }

    @Test
    void anotherCommandReplacesAReplacementThatIsOnItsWay() {
        restart();
        FakeChild outdated = world.child();
        Wire other = new Wire.Stdio("other", List.of(), Map.of(), "");
        CompletableFuture<Snapshot> updated = servers.update(spec.with(other)).toCompletableFuture();
        assertTrue(outdated.empty.isDone());
        assertEquals(3, world.children.size());
        world.child().becomesReady();
        assertEquals(3, updated.join().generation());
        assertSame(world.child().conversation, server().conversation().orElseThrow());
    }

    @Test
    void whatOnlyCountsInsideReplacesNothing() {
        servers.update(spec.with(spec.restart().overlapping(false)))
                .toCompletableFuture()
                .join();
        assertEquals(1, world.children.size());
    }
}

package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.StartRules;
import org.mcpservermanager.server.Wish;
import org.mcpservermanager.supervision.ScriptedWorld.FakeChild;
import org.mcpservermanager.supervision.ScriptedWorld.Session;

/** Processes that are started ahead for clients that need a copy of their own. */
class SparesTest {
    private final ScriptedWorld world = new ScriptedWorld();
    private Supervisor supervisor;

    private void running(int spares) {
        ServerSpec spec = ScriptedWorld.spec("one").with(StartRules.DEFAULT.withSpares(spares));
        supervisor = new Supervisor(spec, Wish.DOWN, world.surroundings);
        supervisor.start();
        world.child().becomesReady();
    }

    private CompletableFuture<Conversation> opens(Client client) {
        return supervisor.sessions().of(client).toCompletableFuture();
    }

    /** The first client's copy opens, and what is started ahead of the next one's. */
    private FakeChild spareAfterTheFirst() {
        CompletableFuture<Conversation> first = opens(new Session());
        world.child().becomesReady();
        assertTrue(first.isDone());
        return world.child();
    }

    private Snapshot.Copies copies() {
        return supervisor.snapshot().counts().copies();
    }

    private boolean allEnded() {
        return world.children.stream().allMatch(child -> child.exited.isDone());
    }

    @Test
    void nothingIsStartedAheadWhereNobodyNeedsACopy() {
        running(1);
        assertEquals(1, world.children.size());
    }

    @Test
    void theSecondClientGetsTheOneThatRunsAlreadyAndAnotherIsStarted() {
        running(1);
        FakeChild spare = spareAfterTheFirst();
        assertEquals(3, world.children.size());
        assertNull(spare.listener, "it was told nothing");
        assertEquals(new Snapshot.Copies(1, 0, 1), copies());

        CompletableFuture<Conversation> second = opens(new Session());
        assertEquals(3, world.children.size(), "nothing had to be started");
        assertNotNull(spare.listener, "it is spoken to");
        assertEquals(new Snapshot.Copies(2, 0, 0), copies());
        spare.becomesReady();

        assertSame(spare.conversation, second.join());
        assertEquals(4, world.children.size());
        assertEquals(new Snapshot.Copies(2, 0, 1), copies());
    }

    @Test
    void noneIsStartedAheadWithSparesZero() {
        running(0);
        spareAfterTheFirst();
        assertEquals(2, world.children.size());
    }

    @Test
    void neverMoreThanWanted() {
        running(2);
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Conversation> each = opens(new Session());
            world.children.forEach(child -> {
                if (child.listener != null) {
                    child.becomesReady();
                }
            });
            assertTrue(each.isDone());
        }
        assertEquals(3, copies().sessions());
        assertTrue(copies().spare() <= 2, copies().toString());
    }

    @Test
    void itEndsWithItsServer() {
        running(1);
        spareAfterTheFirst();

        supervisor.stop(false);

        assertTrue(allEnded());
        assertEquals(Phase.STOPPED, supervisor.snapshot().phase());
        assertEquals(Snapshot.Copies.NONE, copies());
    }

    @Test
    void aServerIsNotStoppedBeforeItsSpareIsGone() {
        running(1);
        FakeChild spare = spareAfterTheFirst();
        spare.endsWhenStopped = false;

        supervisor.stop(false);
        assertEquals(Phase.STOPPING, supervisor.snapshot().phase());
        spare.becomesEmpty();

        assertEquals(Phase.STOPPED, supervisor.snapshot().phase());
    }

    @Test
    void oneThatDiesIsNotMissedAndNotReplacedAtOnce() {
        running(1);
        FakeChild spare = spareAfterTheFirst();
        spare.dies(3);
        assertEquals(3, world.children.size());
        assertEquals(new Snapshot.Copies(1, 0, 0), copies());

        CompletableFuture<Conversation> second = opens(new Session());
        FakeChild fresh = world.child();
        fresh.becomesReady();

        assertSame(fresh.conversation, second.join());
    }

    @Test
    void oneThatDiesWhileItIsSpokenToIsReplacedByAFreshOne() {
        running(1);
        FakeChild spare = spareAfterTheFirst();
        CompletableFuture<Conversation> second = opens(new Session());

        spare.dies(3);

        assertFalse(second.isDone(), "its client waits");
        FakeChild fresh = world.child();
        fresh.becomesReady();
        assertSame(fresh.conversation, second.join());
        assertEquals(Phase.RUNNING, supervisor.snapshot().phase());
        assertEquals(2, copies().sessions());
    }

    @Test
    void oneThatNobodyNeedsEnds() {
        running(1);
        FakeChild spare = spareAfterTheFirst();

        world.time.advanceMillis(TimeUnit.MINUTES.toMillis(Spares.IDLE_MINUTES));

        assertTrue(spare.exited.isDone());
        assertEquals(new Snapshot.Copies(1, 0, 0), copies());
    }

    @Test
    void itOutlivesTheSessionBeforeIt() {
        running(1);
        Client first = new Session();
        opens(first);
        world.child().becomesReady();

        supervisor.release(first);

        assertEquals(new Snapshot.Copies(0, 0, 1), copies());
        assertFalse(world.child().exited.isDone());
    }

    @Test
    void itIsMeasuredLikeTheOthers() {
        running(1);
        FakeChild spare = spareAfterTheFirst();

        List<Copy> all = supervisor.sessions().with(List.of());

        assertTrue(all.stream().anyMatch(copy -> copy.child() == spare));
        all.stream()
                .filter(copy -> copy.child() == spare)
                .forEach(copy -> copy.fail(new org.mcpservermanager.server.Problem("limit_exceeded", "too much", "")));
        assertTrue(spare.exited.isDone(), "above a limit it ends");
        assertEquals(new Snapshot.Copies(1, 0, 0), copies());
    }

    @Test
    void anotherDefinitionEndsIt() {
        running(1);
        FakeChild spare = spareAfterTheFirst();

        supervisor.exchange(supervisor.spec().with(StartRules.DEFAULT.withSpares(0)));
        supervisor.reconfigure(false);

        assertTrue(spare.exited.isDone());
        assertEquals(Phase.RUNNING, supervisor.snapshot().phase());
    }
}

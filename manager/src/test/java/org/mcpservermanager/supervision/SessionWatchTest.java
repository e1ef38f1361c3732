package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.server.HealthPolicy;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Wish;
import org.mcpservermanager.supervision.ScriptedWorld.FakeChild;
import org.mcpservermanager.supervision.ScriptedWorld.Manner;
import org.mcpservermanager.supervision.ScriptedWorld.Session;

/** Health checks of sessions' copies, in virtual time: every 30 s, 10 s while one is not well, 10 s for an answer. */
class SessionWatchTest {
    private final ScriptedWorld world = new ScriptedWorld();
    private final Client session = new Session();
    private Supervisor supervisor;
    private FakeChild copy;

    private void running(ServerSpec spec) {
        supervisor = new Supervisor(spec, Wish.DOWN, world.surroundings);
        supervisor.start();
        world.child().becomesReady();
        supervisor.sessions().of(session);
        copy = world.child();
        copy.becomesReady();
    }

    private void running() {
        running(ScriptedWorld.spec("one"));
    }

    private Conversation next() {
        CompletableFuture<Conversation> next = supervisor.sessions().of(session).toCompletableFuture();
        world.child().becomesReady();
        return next.join();
    }

    private void passes(int seconds) {
        world.time.advanceMillis(seconds * 1000L);
    }

    @Test
    void asksASessionsCopyAsOftenAsTheSharedOne() {
        running();
        passes(90);

        assertEquals(3, copy.conversation.begun.size());
        assertEquals("ping", copy.conversation.begun.get(0).request().method());
        assertSame(copy.conversation, next());
    }

    @Test
    void aCopyThatHangsIsEndedAndTheNextCallGetsAnother() {
        running();
        copy.conversation.manner = Manner.HANGS;
        passes(79);
        assertEquals(List.of(), copy.ladder);
        passes(1);

        assertEquals(Problem.UNHEALTHY, copy.conversation.endedBecause.code());
        assertEquals(1, copy.ladder.size());
        assertEquals(2, world.children.size());
        assertEquals(Phase.RUNNING, supervisor.snapshot().phase());
        assertNotSame(copy.conversation, next());
        assertEquals(3, world.children.size());
        passes(30);
        assertEquals(1, world.child().conversation.begun.size());
    }

    @Test
    void aCopyThatWorksAtACallIsLeftToIt() {
        running();
        copy.conversation.manner = Manner.HANGS;
        copy.conversation.callsOfClients = 1;
        passes(200);
        assertEquals(List.of(), copy.ladder);

        copy.conversation.callsOfClients = 0;
        passes(20);
        assertEquals(1, copy.ladder.size());
    }

    @Test
    void aCopyThatWasReleasedIsNotAskedAnyMore() {
        running();
        copy.endsWhenStopped = false;
        supervisor.release(session);
        passes(300);

        assertEquals(0, copy.conversation.begun.size());
    }

    @Test
    void checksEndAndBeginWithTheConfiguration() {
        ServerSpec spec = ScriptedWorld.spec("one");
        running(spec);
        supervisor.exchange(WatchTest.with(spec.restart(), WatchTest.policy(false, HealthPolicy.Request.PING)));
        supervisor.reconfigure(false);
        passes(300);
        assertEquals(0, copy.conversation.begun.size());

        supervisor.exchange(spec);
        supervisor.reconfigure(false);
        passes(30);
        assertEquals(1, copy.conversation.begun.size());
    }

    @Test
    void noMoreChecksThanAllowedRunAtTheSameTime() {
        running();
        for (int i = 0; i < 9; i++) {
            supervisor.sessions().of(new Session());
            world.child().becomesReady();
        }
        world.children.forEach(each -> each.conversation.manner = Manner.HANGS);
        passes(30);

        long asked = world.children.stream()
                .mapToInt(each -> each.conversation.begun.size())
                .sum();
        assertEquals(5, asked);
        assertEquals(11, world.children.size());
    }
}

package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.conversation.DirectExchange;
import org.mcpservermanager.faults.Fault;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.routing.FleetRouter;
import org.mcpservermanager.server.Isolation;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.StartRules;
import org.mcpservermanager.supervision.ScriptedWorld.FakeChild;
import org.mcpservermanager.supervision.ScriptedWorld.Session;

/** Calls of a client that has a copy of its own, which died. */
class SessionRestartTest {
    private static final ServerId ID = new ServerId("a");
    private final ScriptedWorld world = new ScriptedWorld();
    private final Servers servers = new Servers(world.surroundings, Map.of());
    private FleetRouter router = patient(Duration.ofMinutes(1));
    private final Session client = new Session();

    private FleetRouter patient(Duration grace) {
        return new FleetRouter(servers, world.bus, ScriptedWorld.PROFILE, grace, Clock.systemUTC());
    }

    @BeforeEach
    void aServerWithACopyForEachSession() {
        servers.add(List.of(ScriptedWorld.spec("a")
                .with(StartRules.DEFAULT.withSpares(0))
                .draft()
                .isolation(Isolation.SESSION)
                .spec()));
        world.child().becomesReady();
    }

    private DirectExchange call() {
        DirectExchange exchange = new DirectExchange(Message.request("1", "tools/call", "{\"name\":\"x\"}"), client);
        router.send(ID, exchange);
        return exchange;
    }

    private FakeChild copyThatServed() {
        call();
        FakeChild copy = world.child();
        copy.becomesReady();
        assertEquals(1, copy.conversation.begun.size());
        return copy;
    }

    @Test
    @Fault(34)
    void oneThatFindsItsCopyDeadWaitsForTheGraceAndTheStartGoesOn() throws Exception {
        FakeChild dead = copyThatServed();
        dead.dies(1);
        dead.becomesEmpty();

        router = patient(Duration.ofMillis(20));
        DirectExchange early = call();
        FakeChild next = world.child();
        assertEquals(3, world.children.size(), "it is started by the call");
        String refused = early.outcome().get(10, TimeUnit.SECONDS).error();
        assertTrue(refused.contains("\"server\":\"a\""), refused);
        assertTrue(refused.contains("for this client session ended"), refused);
        assertFalse(next.exited.isDone());

        next.becomesReady();
        call();
        assertEquals(3, world.children.size());
        assertEquals(1, next.conversation.begun.size(), "what was refused is not sent any more");
    }

    @Test
    void oneThatIsReadyInTimeIsServedByTheNextCopy() {
        FakeChild dead = copyThatServed();
        dead.dies(1);
        dead.becomesEmpty();

        call();
        world.child().becomesReady();
        assertEquals(1, world.child().conversation.begun.size());
    }
}

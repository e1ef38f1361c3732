package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.faults.Fault;
import org.mcpservermanager.process.LaunchRefused;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.StartRules;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.server.Wish;
import org.mcpservermanager.supervision.ScriptedWorld.FakeChild;
import org.mcpservermanager.supervision.ScriptedWorld.Session;

class HostBreakerTest {
    private static final Problem FULL = new Problem(Problem.HOST_EXHAUSTED, "EMFILE", "Raise it.");

    @Test
    void letsOneTryAfterFiveSecondsAndDoublesUpToAMinute() {
        HostBreaker breaker = HostBreaker.CLOSED;
        long now = 0;
        for (long wait : new long[] {5_000, 10_000, 20_000, 40_000, 60_000, 60_000}) {
            assertTrue(breaker.lets(now));
            breaker = breaker.let().faulted(FULL, now);
            assertFalse(breaker.lets(now + wait - 1));
            now += wait;
        }
        assertTrue(breaker.lets(now));
        assertFalse(breaker.let().lets(now), "only one tries");
        assertTrue(breaker.let().gaveUp().lets(now), "the next may when that one ended");
    }

    @Test
    void launchesThatWereUnderWayTogetherCountOnce() {
        HostBreaker once = HostBreaker.CLOSED.faulted(FULL, 0);
        assertEquals(once, once.faulted(FULL, 100));
    }

    @Test
    void neverStopsTrying() {
        HostBreaker breaker = HostBreaker.CLOSED;
        for (int faults = 0; faults < 1000; faults++) {
            breaker = breaker.let().faulted(FULL, 0);
        }
        assertTrue(breaker.lets(60_000));
    }

    private final ScriptedWorld world = new ScriptedWorld();
    private final List<Supervisor> servers = IntStream.range(0, 10)
            .mapToObj(i -> new Supervisor(ScriptedWorld.spec("s" + i), Wish.DOWN, world.surroundings))
            .toList();

    @Test
    @Fault(49)
    void anEngineThatDoesNotAnswerIsTriedAgainAndKeepsNoOtherServerBack() {
        world.refusal =
                new LaunchRefused(new Problem(Problem.CONTAINER_RUNTIME_UNAVAILABLE, "no daemon", "Start it."), true);
        Supervisor contained = servers.get(0);
        contained.start();
        assertEquals(Phase.BACKOFF, contained.snapshot().phase());
        assertEquals(Optional.empty(), world.surroundings.slots().hostFault());

        world.refusal = null;
        servers.get(1).start();
        world.child().becomesReady();
        assertEquals(Phase.RUNNING, servers.get(1).snapshot().phase());

        world.time.advanceMillis(5_000);
        world.child().becomesReady();
        assertEquals(Phase.RUNNING, contained.snapshot().phase());
        assertEquals(0, contained.snapshot().counts().failuresInRow());
    }

    @Test
    @Fault(49)
    void anImageThatIsNotThereIsFatal() {
        world.refusal = new LaunchRefused(new Problem(Problem.IMAGE_NOT_FOUND, "no such image", "Pull it."), false);
        servers.get(0).start();
        world.time.advanceMillis(600_000);
        assertEquals(Phase.FATAL, servers.get(0).snapshot().phase());
        assertEquals(1, world.launches);
    }

    @Test
    @Fault(40)
    void aMachineThatIsFullKeepsEveryStartBackAndBurnsNoRetry() {
        world.refusal = new LaunchRefused(FULL, true);
        servers.forEach(Supervisor::start);
        world.time.advanceMillis(600_000);

        assertTrue(world.launches <= 3 + 600 / 60 + 5, world.launches + " launches");
        assertEquals(Optional.of(FULL), world.surroundings.slots().hostFault());
        servers.forEach(server -> assertEquals(
                0, server.snapshot().counts().failuresInRow(), server.snapshot().toString()));
        assertEquals(List.of("alert:raised"), alerts());
    }

    @Test
    @Fault(40)
    void whenOneLaunchWorksAgainAllStart() {
        aMachineThatIsFullKeepsEveryStartBackAndBurnsNoRetry();
        world.refusal = null;
        world.readyAtOnce = true;
        world.time.advanceMillis(70_000);

        servers.forEach(server -> assertEquals(Phase.RUNNING, server.snapshot().phase()));
        assertEquals(Optional.empty(), world.surroundings.slots().hostFault());
        assertEquals(List.of("alert:raised", "alert:over"), alerts());
    }

    @Test
    void aServerWithoutAProcessIsNotKeptBackAndSaysNothingOfTheMachine() {
        Supervisor remote =
                new Supervisor(ScriptedWorld.spec("remote").with(new Wire.Tcp("h", 1)), Wish.DOWN, world.surroundings);
        world.refusal = new LaunchRefused(FULL, true);
        servers.get(0).start();
        servers.get(1).start();

        remote.start();
        assertEquals(Phase.RUNNING, remote.snapshot().phase());
        assertTrue(remote.sessions().of(new Session()).toCompletableFuture().isDone());
        assertEquals(Optional.of(FULL), world.surroundings.slots().hostFault());
        assertEquals(1, world.launches);

        servers.get(0).stop(true);
        servers.get(1).stop(true);
        world.time.advanceMillis(6_000);
        remote.restart();
        remote.sessions().of(new Session());
        assertEquals(Phase.RUNNING, remote.snapshot().phase());
        assertEquals(Optional.of(FULL), world.surroundings.slots().hostFault());
    }

    @Test
    void whatIsKeptBackMayTurnIntoAServerWithoutAProcess() {
        Servers fleet = new Servers(world.surroundings, Map.of());
        ServerSpec local = ScriptedWorld.spec("turning");
        world.refusal = new LaunchRefused(FULL, true);
        servers.get(0).start();
        servers.get(0).stop(true);
        fleet.add(List.of(local));
        fleet.update(local.with(new Wire.Tcp("h", 1)));
        world.time.advanceMillis(6_000);

        assertEquals(Phase.RUNNING, fleet.server(local.id()).orElseThrow().phase());
        assertEquals(Optional.of(FULL), world.surroundings.slots().hostFault());
    }

    @Test
    void theOneThatTriesMayBeStopped() {
        world.refusal = new LaunchRefused(FULL, true);
        servers.get(0).start();
        world.refusal = null;
        world.time.advanceMillis(6_000);
        servers.forEach(Supervisor::start);
        servers.get(0).stop(true).join();
        world.time.advanceMillis(6_000);
        assertTrue(world.launches >= 3, world.launches + " launches");
    }

    /** The process of this client's copy was made while all was well; it is not ready yet. */
    private Supervisor opening(Client first) {
        ServerSpec spec = ScriptedWorld.spec("own").with(StartRules.DEFAULT.withSpares(1));
        Supervisor own = new Supervisor(spec, Wish.DOWN, world.surroundings);
        own.start();
        world.child().becomesReady();
        own.sessions().of(first);
        return own;
    }

    private void fullUntilNow() {
        world.refusal = new LaunchRefused(FULL, true);
        servers.get(0).start();
        world.refusal = null;
        servers.get(0).stop(true).join();
        world.time.advanceMillis(6_000);
        assertEquals(Optional.of(FULL), world.surroundings.slots().hostFault());
    }

    private void assertAnotherMayTry() {
        assertEquals(Optional.of(FULL), world.surroundings.slots().hostFault());
        servers.get(1).start();
        world.child().becomesReady();
        assertEquals(Phase.RUNNING, servers.get(1).snapshot().phase());
    }

    @Test
    void theCopyOfASessionThatTriesMayEndWithItsServer() {
        Supervisor own = opening(new Session());
        fullUntilNow();
        world.meanwhile = () -> own.stop(true);
        own.sessions().of(new Session());
        assertAnotherMayTry();
    }

    /** One that makes no process after all tells nobody. */
    @Test
    void aSpareThatTriesMayEndWithItsServer() {
        Supervisor own = opening(new Session());
        whileASpareTries(() -> own.stop(true));
        assertAnotherMayTry();
    }

    @Test
    void aSpareThatTriesMayBeClaimedByASessionThatEnds() {
        Supervisor own = opening(new Session());
        Session second = new Session();
        whileASpareTries(() -> {
            own.sessions().of(second);
            own.release(second);
        });
        assertAnotherMayTry();
    }

    /** And makes no process after all. */
    private void whileASpareTries(Runnable what) {
        FakeChild first = world.child();
        fullUntilNow();
        world.meanwhile = () -> {
            what.run();
            world.refusal = new LaunchRefused(FULL, true);
        };
        first.becomesReady();
        world.refusal = null;
    }

    @Test
    void aSpareThatTriesInVainCountsAsATry() {
        opening(new Session());
        FakeChild first = world.child();
        fullUntilNow();
        world.refusal = new LaunchRefused(FULL, true);
        first.becomesReady();
        world.refusal = null;

        int launches = world.launches;
        servers.get(1).start();
        world.time.advanceMillis(9_000);
        assertEquals(launches, world.launches);
        world.time.advanceMillis(2_000);
        assertEquals(launches + 1, world.launches);
    }

    private List<String> alerts() {
        List<String> types = new ArrayList<>();
        world.events.stream()
                .filter(Event.Alert.class::isInstance)
                .map(Event::type)
                .forEach(types::add);
        return types;
    }
}

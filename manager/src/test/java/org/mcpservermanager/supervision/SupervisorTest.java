package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.process.Activity;
import org.mcpservermanager.process.LaunchRefused;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.StartRules;
import org.mcpservermanager.server.StartStep;
import org.mcpservermanager.server.Wish;

class SupervisorTest {
    private final ScriptedWorld world = new ScriptedWorld();
    private final Supervisor supervisor = new Supervisor(ScriptedWorld.spec("one"), Wish.DOWN, world.surroundings);

    @Test
    void startCompletesWhenTheHandshakeIsDone() {
        CompletableFuture<Snapshot> started = supervisor.start();
        assertFalse(started.isDone());
        world.child().becomesReady();
        assertEquals(Phase.RUNNING, started.join().phase());
        assertEquals(1001, started.join().running().pid());
        assertTrue(supervisor.conversation().isPresent());
    }

    @Test
    void aDeathFailsOpenCallsAndIsReplacedAfterTheBackOff() {
        running();
        world.child().dies(3);
        assertEquals("process_exited", world.child().conversation.endedBecause.code());
        assertTrue(supervisor.conversation().isEmpty());
        assertEquals(Phase.BACKOFF, supervisor.snapshot().phase());
        assertEquals(3, supervisor.snapshot().failure().exit().orElseThrow().code());
        world.time.advanceMillis(1000);
        assertEquals(2, world.children.size());
        world.child().becomesReady();
        assertEquals(Phase.RUNNING, supervisor.snapshot().phase());
        assertEquals(1, supervisor.snapshot().counts().restarts());
    }

    @Test
    void askingForWhatRunsAlreadyLeavesTheNextRestartOneThatNobodyAskedFor() {
        running();
        supervisor.start().join();
        world.child().dies(3);
        world.time.advanceMillis(1000);

        assertEquals(2, world.children.size());
        assertEquals(1, supervisor.snapshot().counts().restarts());
    }

    @Test
    void aDiskThatIsFullIsTriedAgain() {
        world.meanwhile = () -> {
            throw new UncheckedIOException(
                    "cannot make the directory of server 'one'", new IOException("No space left on device"));
        };
        supervisor.start();
        assertEquals(Phase.BACKOFF, supervisor.snapshot().phase());
        Problem problem = supervisor.snapshot().failure().problem().orElseThrow();
        assertTrue(problem.message().contains("No space left on device"), problem.toString());

        world.time.advanceMillis(1000);
        world.child().becomesReady();
        assertEquals(Phase.RUNNING, supervisor.snapshot().phase());
    }

    @Test
    void theNextCopyWaitsForTheLastMemberOfTheOldTree() {
        running();
        world.child().endsWhenStopped = false;
        world.child().dies(1);
        world.time.advanceMillis(5000);
        assertEquals(1, world.children.size());
        world.child().becomesEmpty();
        assertEquals(2, world.children.size());
    }

    @Test
    void stopDescendsTheWholeLadderAndSavesTheWish() {
        running();
        assertEquals(Phase.STOPPED, supervisor.stop(false).join().phase());
        assertEquals(List.of(Duration.ofSeconds(12)), world.child().ladder);
        assertEquals(List.of(Wish.UP, Wish.DOWN), world.wishes);
    }

    @Test
    void stopByForceSkipsThePoliteRungs() {
        running();
        supervisor.stop(true).join();
        assertEquals(List.of(Duration.ZERO), world.child().ladder);
    }

    @Test
    void stopWhileTheProcessIsBeingMadeEndsIt() {
        supervisor.start();
        CompletableFuture<Snapshot> stopped = supervisor.stop(false);
        assertEquals(Phase.STOPPED, stopped.join().phase());
        assertFalse(world.child().ladder.isEmpty());
    }

    @Test
    void stopLetsCallsThatAreUnderWayEndFirst() {
        running();
        world.child().conversation.callsOfClients = 1;
        CompletableFuture<Snapshot> stopped = supervisor.stop(false);
        assertEquals(Phase.STOPPING, supervisor.snapshot().phase());
        assertTrue(supervisor.conversation().isEmpty(), "takes no new calls");
        assertNull(world.child().conversation.endedBecause);
        assertEquals(List.of(), world.child().ladder);

        world.child().conversation.idle.complete(null);
        assertEquals(Phase.STOPPED, stopped.join().phase());
    }

    @Test
    void aStopByForceEndsTheDrain() {
        running();
        world.child().conversation.callsOfClients = 1;
        supervisor.stop(false);
        assertEquals(Phase.STOPPED, supervisor.stop(true).join().phase());
        assertEquals(List.of(Duration.ZERO), world.child().ladder);
    }

    @Test
    void aDeathDuringTheDrainEndsIt() {
        running();
        world.child().conversation.callsOfClients = 1;
        CompletableFuture<Snapshot> stopped = supervisor.stop(false);
        world.child().dies(1);
        assertEquals("process_exited", world.child().conversation.endedBecause.code());
        world.child().conversation.idle.complete(null);
        assertEquals(Phase.STOPPED, stopped.join().phase());
    }

    @Test
    void theDrainHasALimit() {
        Supervisor impatient = new Supervisor(draining(Duration.ofMillis(20)), Wish.DOWN, world.surroundings);
        impatient.start();
        world.child().becomesReady();
        world.child().conversation.callsOfClients = 1;
        assertEquals(Phase.STOPPED, impatient.stop(false).join().phase());
        assertEquals("process_exited", world.child().conversation.endedBecause.code());
    }

    private static ServerSpec draining(Duration drain) {
        StartRules standard = StartRules.DEFAULT;
        return ScriptedWorld.spec("two").with(new StartRules(standard.startupMax(), drain, standard.dependencies()));
    }

    @Test
    void aTreeThatCannotBeEmptiedIsSaidAndTheEndIsNoticedLater() {
        running();
        world.child().stuck = true;
        Snapshot stopping = supervisor.stop(false).join();
        assertEquals(Phase.STOPPING, stopping.phase());
        assertTrue(stopping.failure().stuck());

        world.child().becomesEmpty();
        assertEquals(Phase.STOPPED, supervisor.snapshot().phase());
        assertFalse(supervisor.snapshot().failure().stuck());
    }

    @Test
    void aRestartOfAStuckTreeHappensWhenItIsEmptyAtLast() {
        running();
        world.child().stuck = true;
        CompletableFuture<Snapshot> restarted = supervisor.restart();
        assertEquals(Phase.STOPPING, supervisor.snapshot().phase());
        assertTrue(supervisor.snapshot().failure().stuck());
        assertEquals(1, world.children.size());

        world.child().becomesEmpty();
        world.child().becomesReady();
        assertEquals(Phase.RUNNING, restarted.join().phase());
        assertFalse(supervisor.snapshot().failure().stuck());
    }

    @Test
    void aStuckTreeCanBeEndedByAnotherStop() {
        running();
        world.child().stuck = true;
        supervisor.stop(false).join();
        world.child().stuck = false;
        assertEquals(Phase.STOPPED, supervisor.stop(true).join().phase());
    }

    @Test
    void restartReplacesTheCopy() {
        running();
        CompletableFuture<Snapshot> restarted = supervisor.restart();
        world.child().becomesReady();
        assertEquals(Phase.RUNNING, restarted.join().phase());
        assertEquals(2, world.children.size());
        assertEquals(0, restarted.join().counts().restarts());
    }

    @Test
    void aRefusedLaunchIsFatalAndSaysWhy() {
        world.refusal =
                new LaunchRefused(new Problem(Problem.COMMAND_NOT_FOUND, "no such command: x", "Install x."), false);
        Snapshot failed = supervisor.start().join();
        assertEquals(Phase.FATAL, failed.phase());
        assertEquals(
                "command_not_found", failed.failure().problem().orElseThrow().code());
    }

    @Test
    void aFailedHandshakeEndsTheProcess() {
        CompletableFuture<Snapshot> started = supervisor.start();
        world.child().dialed.completeExceptionally(new IllegalStateException("no answer"));
        assertEquals(Phase.BACKOFF, started.join().phase());
        assertTrue(world.child().exited.isDone());
    }

    @Test
    void aSilentStartEndsWithItsTimeout() {
        supervisor.start();
        world.child().activity = new Activity(5000, 1 << 20);
        world.time.advanceMillis(29_999);
        assertEquals(Phase.STARTING, supervisor.snapshot().phase());
        world.time.advanceMillis(1);
        assertEquals(Phase.BACKOFF, supervisor.snapshot().phase());
        assertEquals(
                "startup_timeout",
                supervisor.snapshot().failure().problem().orElseThrow().code());
    }

    @Test
    void linesOnStderrKeepAStartAlive() {
        supervisor.start();
        world.time.advanceMillis(20_000);
        world.child().listener.onErrorLine("downloading");
        world.time.advanceMillis(10_000);
        assertEquals(Phase.STARTING, supervisor.snapshot().phase());
        assertEquals(StartStep.INSTALLING, supervisor.snapshot().step());
        world.time.advanceMillis(30_000);
        assertEquals(Phase.BACKOFF, supervisor.snapshot().phase());
    }

    @Test
    void cpuTimeAndBytesKeepAStartAliveButNotForEver() {
        supervisor.start();
        for (int tenSeconds = 1; tenSeconds <= 60; tenSeconds++) {
            assertEquals(Phase.STARTING, supervisor.snapshot().phase(), "after " + tenSeconds * 10 + " s");
            world.child().activity =
                    tenSeconds < 30 ? new Activity(tenSeconds * 1000L, 0) : new Activity(0, tenSeconds * 10_000L);
            world.time.advanceMillis(10_000);
        }
        assertEquals(Phase.BACKOFF, supervisor.snapshot().phase());
    }

    @Test
    void theHousekeepingOfAnIdleMachineIsNoProgress() {
        supervisor.start();
        for (int second = 1; second <= 30; second++) {
            world.child().activity = new Activity(second * 5L, second * 100L);
            world.time.advanceMillis(1000);
        }
        assertEquals(Phase.BACKOFF, supervisor.snapshot().phase());
    }

    @Test
    void theLastWordsOnStderrBecomeTheRemedy() {
        supervisor.start();
        world.child().listener.onErrorLine("Error: no API key");
        world.child().dies(1);
        assertTrue(
                supervisor.snapshot().failure().problem().orElseThrow().remedy().contains("no API key"));
    }

    @Test
    void everyChangeOfPhaseIsOneEventInOrder() {
        running();
        supervisor.stop(false).join();
        List<Phase> phases = world.events.stream()
                .filter(Event.PhaseChanged.class::isInstance)
                .map(event -> ((Event.PhaseChanged) event).to())
                .toList();
        assertEquals(List.of(Phase.STARTING, Phase.RUNNING, Phase.STOPPING, Phase.STOPPED), phases);
    }

    @Test
    void anExitIsToldBeforeTheNextStartThoughItsTreeWasSeenEmptyFirst() {
        running();
        ScriptedWorld.FakeChild first = world.child();
        first.endsWhenStopped = false;
        supervisor.restart();
        world.events.clear();
        first.empty.complete(null);
        assertEquals(1, world.children.size());
        first.dies(143);
        world.awaitChildren(2);

        assertEquals(List.of("exited", "STARTING"), eventsInOrder().subList(0, 2));
    }

    @Test
    void aDeathAtALimitOfTheSystemsIsNamedByTheLimit() {
        running();
        world.child().listener.onErrorLine("fork: Resource temporarily unavailable");
        world.child().limitHit = Optional.of("refused 3 times");
        world.child().dies(1);
        Problem problem = supervisor.snapshot().failure().problem().orElseThrow();
        assertEquals(Problem.LIMIT_EXCEEDED, problem.code());
        assertTrue(problem.message().contains("exit code 1; refused 3 times"), problem.message());
    }

    @Test
    void anOrderedEndIsNoMatterOfLimits() {
        running();
        world.child().limitHit = Optional.of("refused 3 times");
        supervisor.stop(false).join();
        assertEquals(Optional.empty(), supervisor.snapshot().failure().problem());
    }

    @Test
    void aDeathIsToldFirstThenWhatComesOfIt() {
        running();
        world.events.clear();
        world.child().dies(3);
        world.time.advanceMillis(1000);
        assertEquals(List.of("exited", "BACKOFF", "STARTING"), eventsInOrder());
    }

    private List<String> eventsInOrder() {
        return world.events.stream()
                .filter(event -> event instanceof Event.PhaseChanged || event instanceof Event.ProcessExited)
                .map(event ->
                        event instanceof Event.PhaseChanged change ? change.to().name() : "exited")
                .toList();
    }

    @Test
    void atMostThreeServersStartAtATime() {
        List<Supervisor> all = java.util.stream.IntStream.range(0, 5)
                .mapToObj(i -> new Supervisor(ScriptedWorld.spec("s" + i), Wish.DOWN, world.surroundings))
                .toList();
        all.forEach(Supervisor::start);
        assertEquals(3, world.children.size());
        world.children.get(0).becomesReady();
        assertEquals(4, world.children.size());
    }

    @Test
    void closeKeepsTheWishAndStartsNothingAnyMore() {
        running();
        supervisor.close().join();
        supervisor.start();
        assertEquals(1, world.children.size());
        assertEquals(Wish.UP, supervisor.snapshot().wish());
    }

    private void running() {
        supervisor.start();
        world.child().becomesReady();
    }
}

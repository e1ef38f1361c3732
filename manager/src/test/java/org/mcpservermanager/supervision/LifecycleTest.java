package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.faults.Fault;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.RestartPolicy;
import org.mcpservermanager.server.StartStep;
import org.mcpservermanager.server.Wish;
import org.mcpservermanager.supervision.Lifecycle.Moment;
import org.mcpservermanager.supervision.Lifecycle.Rules;

class LifecycleTest {
    private static final Problem CRASH = new Problem(Problem.PROCESS_EXITED, "died", "");
    private static final Problem UNWELL = new Problem(Problem.UNHEALTHY, "no answer", "");
    private static final Rules RULES = new Rules(true, RestartPolicy.DEFAULT, 30_000, 100_000);

    private Life life = Life.initial(true, Wish.DOWN);
    private List<Effect> effects = List.of();
    private long nowMillis;
    private Rules rules = RULES;

    @Test
    void startsThroughASlotALaunchAndAHandshake() {
        feed(new Input.Start());
        assertEquals(StartStep.QUEUED, life.step());
        assertEquals(List.of(new Effect.SaveWish(Wish.UP), new Effect.AskSlot(), new Effect.Disarm()), effects);

        feed(new Input.SlotGranted());
        assertEquals(List.of(new Effect.Launch(1), new Effect.Watch(life.alarm(), 30_000)), effects);

        feed(new Input.Ready(1));
        assertEquals(Phase.RUNNING, life.phase());
        assertEquals(List.of(new Effect.ReleaseSlot(), new Effect.Disarm()), effects);
    }

    @Test
    @Fault(2)
    void backsOffOneTwoFourEightSixteenSecondsThenParks() {
        feed(new Input.Start());
        for (long seconds : new long[] {1, 2, 4, 8, 16}) {
            crashWhileStarting();
            assertEquals(Phase.BACKOFF, life.phase());
            assertEquals(seconds * 1000, armedMillis());
            feed(new Input.TreeEmpty(life.generation(), true));
            feed(new Input.Alarm(life.alarm(), false));
        }
        crashWhileStarting();
        assertEquals(Phase.PARKED, life.phase());
        assertEquals(Lifecycle.PARKED_RETRY_MILLIS, armedMillis());
    }

    @Test
    void withoutADelayOnlyTheFirstRestartComesAtOnce() {
        rules = new Rules(true, policy(RestartPolicy.DEFAULT.mode(), true, Duration.ZERO, Set.of()), 30_000, 100_000);
        feed(new Input.Start());
        for (long seconds : new long[] {0, 1, 2, 4, 8}) {
            crashWhileStarting();
            assertEquals(seconds * 1000, armedMillis());
            feed(new Input.TreeEmpty(life.generation(), true));
            feed(new Input.Alarm(life.alarm(), false));
        }
        becomeReady();
        nowMillis += 60_000;
        crash();
        assertEquals(0, armedMillis());
    }

    @Test
    void parkedTriesAgainByItself() {
        backsOffOneTwoFourEightSixteenSecondsThenParks();
        feed(new Input.TreeEmpty(life.generation(), true));
        feed(new Input.Alarm(life.alarm(), false));
        assertEquals(Phase.STARTING, life.phase());
    }

    @Test
    void aStableRunForgivesFailures() {
        feed(new Input.Start());
        crashWhileStarting();
        becomeReady();
        nowMillis += 60_000;
        crash();
        assertEquals(1, life.failures());
        assertEquals(1000, armedMillis());
    }

    @Test
    @Fault(3)
    void aRunJustShortOfStableForgivesNothing() {
        feed(new Input.Start());
        crashWhileStarting();
        becomeReady();
        nowMillis += 59_999;
        crash();
        assertEquals(2, life.failures());
    }

    @Test
    void tenRestartsInTenMinutesPark() {
        rules = new Rules(
                true,
                new RestartPolicy(
                        RestartPolicy.Mode.PERMANENT,
                        true,
                        Duration.ofMillis(1),
                        Duration.ofSeconds(1),
                        1000,
                        Duration.ofHours(1),
                        Set.of()),
                30_000,
                100_000);
        feed(new Input.Start());
        for (int i = 0; i < 10; i++) {
            crashWhileStarting();
            assertEquals(Phase.BACKOFF, life.phase(), "failure " + i);
            feed(new Input.TreeEmpty(life.generation(), true));
            feed(new Input.Alarm(life.alarm(), false));
        }
        crashWhileStarting();
        assertEquals(Phase.PARKED, life.phase());
    }

    @Test
    void configurationFaultsAreFatalAtOnce() {
        feed(new Input.Start());
        feed(new Input.SlotGranted());
        feed(new Input.LaunchRefused(1, new Problem(Problem.COMMAND_NOT_FOUND, "no x", ""), false));
        assertEquals(Phase.FATAL, life.phase());
        assertEquals(0, life.failures());
    }

    @Test
    @Fault(40)
    void hostFaultsBurnNoRetry() {
        feed(new Input.Start());
        feed(new Input.SlotGranted());
        feed(new Input.LaunchRefused(1, new Problem(Problem.HOST_EXHAUSTED, "EMFILE", ""), true));
        assertEquals(Phase.BACKOFF, life.phase());
        assertEquals(0, life.failures());
    }

    @Test
    void neverStartsBeforeTheOldTreeIsEmpty() {
        feed(new Input.Start());
        becomeReady();
        crash();
        feed(new Input.Alarm(life.alarm(), false));
        assertEquals(Phase.BACKOFF, life.phase());
        assertTrue(life.again());
        feed(new Input.TreeEmpty(1, true));
        assertEquals(Phase.STARTING, life.phase());
    }

    @Test
    void restartDuringStopIsRememberedAndStopDuringRestartForgetsIt() {
        feed(new Input.Start());
        becomeReady();
        feed(new Input.Stop(false));
        feed(new Input.Restart());
        assertTrue(life.again());
        feed(new Input.Stop(false));
        feed(new Input.TreeEmpty(1, true));
        assertEquals(Phase.STOPPED, life.phase());
        assertEquals(Wish.DOWN, life.wish());
    }

    @Test
    void neverReportsStoppedWithLiveMembers() {
        feed(new Input.Start());
        becomeReady();
        feed(new Input.Stop(false));
        feed(new Input.TreeEmpty(1, false));
        assertEquals(Phase.STOPPING, life.phase());
        assertTrue(life.stuck());
    }

    @Test
    void lateInputsOfAnOlderCopyChangeNothing() {
        feed(new Input.Start());
        crashWhileStarting();
        becomeReady();
        Life before = life;
        feed(new Input.Ended(1, CRASH, Optional.empty()));
        feed(new Input.TreeEmpty(1, true));
        feed(new Input.Ready(1));
        assertEquals(before, life);
    }

    @Test
    void anExitIsShownThoughItsNewsComeAfterTheTreeWasFoundEmpty() {
        feed(new Input.Start());
        becomeReady();
        feed(new Input.Stop(false));
        feed(new Input.TreeEmpty(1, true));
        feed(new Input.Ended(1, CRASH, Optional.of(new Exit(0, 0))));
        assertEquals(Phase.STOPPED, life.phase());
        assertEquals(Optional.of(new Exit(0, 0)), life.exit());
        assertEquals(Optional.empty(), life.problem());
    }

    @Test
    void aSlowStartIsAFailure() {
        feed(new Input.Start());
        feed(new Input.SlotGranted());
        feed(new Input.Alarm(life.alarm(), false));
        assertEquals(Phase.BACKOFF, life.phase());
        assertEquals(Problem.STARTUP_TIMEOUT, life.problem().orElseThrow().code());
    }

    @Test
    void aStartThatMovesIsGivenMoreTimeUpToItsMaximum() {
        feed(new Input.Start());
        feed(new Input.SlotGranted());
        for (long expected : new long[] {30_000, 30_000, 10_000}) {
            nowMillis += 30_000;
            feed(new Input.Alarm(life.alarm(), true));
            assertEquals(StartStep.INSTALLING, life.step());
            assertEquals(List.of(new Effect.ReleaseSlot(), new Effect.Watch(life.alarm(), expected)), effects);
        }
        nowMillis += 10_000;
        feed(new Input.Alarm(life.alarm(), true));
        assertEquals(Phase.BACKOFF, life.phase());
        assertTrue(life.problem().orElseThrow().remedy().contains("startup_timeout_max"));
    }

    @Test
    void aStartThatStopsMovingIsAFailure() {
        feed(new Input.Start());
        feed(new Input.SlotGranted());
        nowMillis += 30_000;
        feed(new Input.Alarm(life.alarm(), true));
        nowMillis += 30_000;
        feed(new Input.Alarm(life.alarm(), false));
        assertEquals(Phase.BACKOFF, life.phase());
        assertEquals(
                "not ready within 60 s (step: INSTALLING, no output, CPU time or I/O of late)",
                life.problem().orElseThrow().message());
    }

    @Test
    void demandCutsTheBackOffShortButNotAllTheTime() {
        nowMillis = 1_000_000;
        feed(new Input.Start());
        crashWhileStarting();
        feed(new Input.TreeEmpty(1, true));
        feed(new Input.Demand());
        assertEquals(Phase.STARTING, life.phase());
        crashWhileStarting();
        feed(new Input.TreeEmpty(2, true));
        feed(new Input.Demand());
        assertEquals(Phase.BACKOFF, life.phase());
    }

    @Test
    void anUnhealthyCopyIsAFailureLikeACrash() {
        feed(new Input.Start());
        becomeReady();
        feed(new Input.Unhealthy(1, UNWELL));
        assertEquals(Phase.BACKOFF, life.phase());
        assertEquals(1, life.failures());
        assertEquals(1000, armedMillis());
        assertEquals(Optional.of(UNWELL), life.problem());
        assertTrue(effects.contains(new Effect.EndTree(1, Effect.Ladder.SHORT)), effects::toString);
        feed(new Input.TreeEmpty(1, true));
        feed(new Input.Alarm(life.alarm(), false));
        assertEquals(Phase.STARTING, life.phase());
    }

    @Test
    void onlyARunningCopyCanBeUnhealthy() {
        feed(new Input.Start());
        feed(new Input.SlotGranted());
        Life starting = life;
        feed(new Input.Unhealthy(1, UNWELL));
        assertEquals(starting, life);
        feed(new Input.Ready(1));
        feed(new Input.Stop(false));
        Life stopping = life;
        feed(new Input.Unhealthy(1, UNWELL));
        assertEquals(stopping, life);
    }

    @Test
    void newsOfAnOlderCopysHealthChangeNothing() {
        feed(new Input.Start());
        crashWhileStarting();
        becomeReady();
        Life before = life;
        feed(new Input.Unhealthy(1, UNWELL));
        assertEquals(before, life);
        assertEquals(List.of(), effects);
    }

    @Test
    void unhealthyCopiesThatNothingWouldReplaceStay() {
        RestartPolicy never = policy(RestartPolicy.DEFAULT.mode(), false, RestartPolicy.DEFAULT.delay(), Set.of());
        for (RestartPolicy policy : List.of(never, withMode(RestartPolicy.Mode.TEMPORARY, Set.of()))) {
            life = Life.initial(true, Wish.DOWN);
            rules = new Rules(true, policy, 30_000, 100_000);
            feed(new Input.Start());
            becomeReady();
            Life before = life;
            feed(new Input.Unhealthy(1, UNWELL));
            assertEquals(before, life);
        }
    }

    @Test
    void temporaryServersStayEnded() {
        rules = new Rules(true, withMode(RestartPolicy.Mode.TEMPORARY, Set.of()), 30_000, 100_000);
        feed(new Input.Start());
        becomeReady();
        crash();
        assertEquals(Phase.EXITED, life.phase());
    }

    @Test
    void transientServersStayEndedAfterACleanExitOnly() {
        rules = new Rules(true, withMode(RestartPolicy.Mode.TRANSIENT, Set.of(0)), 30_000, 100_000);
        feed(new Input.Start());
        becomeReady();
        feed(new Input.Ended(life.generation(), CRASH, Optional.of(new Exit(0, 0))));
        assertEquals(Phase.EXITED, life.phase());
    }

    @Test
    void backOffNeverExceedsItsMaximumByMoreThanTheJitter() {
        for (int failures = 0; failures < 5000; failures++) {
            long millis = Restarts.backoffMillis(RestartPolicy.DEFAULT, failures, 0.999);
            assertTrue(millis >= 1000 && millis <= 66_000, "after " + failures + ": " + millis);
        }
    }

    private static RestartPolicy withMode(RestartPolicy.Mode mode, Set<Integer> cleanExitCodes) {
        return policy(mode, true, RestartPolicy.DEFAULT.delay(), cleanExitCodes);
    }

    /** The standard one otherwise. */
    static RestartPolicy policy(RestartPolicy.Mode mode, boolean auto, Duration delay, Set<Integer> cleanExitCodes) {
        RestartPolicy standard = RestartPolicy.DEFAULT;
        return new RestartPolicy(
                mode, auto, delay, standard.delayMax(), standard.attemptsMax(), standard.stableAfter(), cleanExitCodes);
    }

    private void becomeReady() {
        if (life.phase() == Phase.BACKOFF) {
            feed(new Input.TreeEmpty(life.generation(), true));
            feed(new Input.Alarm(life.alarm(), false));
        }
        feed(new Input.SlotGranted());
        feed(new Input.Ready(life.generation()));
        assertEquals(Phase.RUNNING, life.phase());
    }

    private void crashWhileStarting() {
        feed(new Input.SlotGranted());
        crash();
    }

    private void crash() {
        feed(new Input.Ended(life.generation(), CRASH, Optional.of(new Exit(1, 0))));
    }

    private long armedMillis() {
        return effects.stream()
                .filter(Effect.Arm.class::isInstance)
                .map(effect -> ((Effect.Arm) effect).delayMillis())
                .findFirst()
                .orElse(-1L);
    }

    private void feed(Input input) {
        Turn turn = Lifecycle.next(life, input, rules, new Moment(nowMillis, 0));
        life = turn.life();
        effects = turn.effects();
    }
}

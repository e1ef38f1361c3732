package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.faults.Fault;
import org.mcpservermanager.process.Condition;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Health;
import org.mcpservermanager.server.HealthPolicy;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.RestartPolicy;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.Wish;
import org.mcpservermanager.supervision.ScriptedWorld.FakeConversation;
import org.mcpservermanager.supervision.ScriptedWorld.Manner;

/** Health checks of a supervised server, in virtual time: every 30 s, 10 s while it is not well, 10 s for an answer. */
class WatchTest {
    private final ScriptedWorld world = new ScriptedWorld();

    private Supervisor running(ServerSpec spec) {
        Supervisor supervisor = new Supervisor(spec, Wish.DOWN, world.surroundings);
        supervisor.start();
        world.child().becomesReady();
        return supervisor;
    }

    private Supervisor running() {
        return running(ScriptedWorld.spec("one"));
    }

    static ServerSpec with(RestartPolicy restart, HealthPolicy health) {
        return ScriptedWorld.spec("one").draft().restart(restart).health(health).spec();
    }

    static HealthPolicy policy(boolean enabled, HealthPolicy.Request request) {
        HealthPolicy standard = HealthPolicy.DEFAULT;
        return new HealthPolicy(
                enabled,
                standard.interval(),
                standard.recoveryInterval(),
                standard.timeout(),
                standard.failureThreshold(),
                standard.recoveryThreshold(),
                standard.degradedLatency(),
                request,
                HealthPolicy.Way.MCP);
    }

    private FakeConversation conversation() {
        return world.child().conversation;
    }

    private void passes(int seconds) {
        world.time.advanceMillis(seconds * 1000L);
    }

    private List<String> healthEvents() {
        return world.events.stream()
                .filter(Event.HealthChanged.class::isInstance)
                .map(Event.HealthChanged.class::cast)
                .map(event -> event.from() + ">" + event.to())
                .toList();
    }

    @Test
    void pingsEveryThirtySeconds() {
        Supervisor supervisor = running();
        assertEquals(Health.HEALTHY, supervisor.snapshot().health());
        assertEquals(Snapshot.Checks.NONE, supervisor.snapshot().checks());
        passes(29);
        assertEquals(0, conversation().begun.size());
        passes(61);
        assertEquals(3, conversation().begun.size());
        assertEquals("ping", conversation().begun.get(0).request().method());
        assertTrue(conversation().begun.get(0).client().isManager());
        Snapshot.Checks checks = supervisor.snapshot().checks();
        assertEquals(3, checks.count());
        assertEquals(Optional.of(Duration.ZERO), checks.latency());
        assertTrue(checks.lastAt().isPresent());
    }

    @Test
    void replacesACopyThatHangsAfterThreeFailedChecks() {
        Supervisor supervisor = running();
        conversation().manner = Manner.HANGS;
        passes(79);
        assertEquals(Phase.RUNNING, supervisor.snapshot().phase());
        assertEquals(2, supervisor.snapshot().checks().count());
        passes(1);
        assertEquals(Phase.BACKOFF, supervisor.snapshot().phase());
        assertEquals(Health.CRITICAL, supervisor.snapshot().health());
        assertEquals(1, supervisor.snapshot().counts().failuresInRow());
        assertEquals(
                "unhealthy",
                supervisor.snapshot().failure().problem().orElseThrow().code());
        assertEquals(List.of(Duration.ofSeconds(2)), world.child().ladder);
        assertEquals(3, conversation().cancelled.size());
        passes(1);
        world.child().becomesReady();
        assertEquals(2, world.children.size());
        assertEquals(Phase.RUNNING, supervisor.snapshot().phase());
        assertEquals(List.of(), supervisor.snapshot().checks().issues());
        assertEquals(
                List.of("UNKNOWN>HEALTHY", "HEALTHY>UNHEALTHY", "UNHEALTHY>CRITICAL", "CRITICAL>HEALTHY"),
                healthEvents());
    }

    @Test
    void oneAnswerInTimeForgivesTwoFailures() {
        Supervisor supervisor = running();
        conversation().manner = Manner.HANGS;
        passes(60);
        conversation().manner = Manner.ANSWERS;
        passes(300);
        assertEquals(Health.HEALTHY, supervisor.snapshot().health());
        assertEquals(1, world.children.size());
    }

    @Test
    void aSlowServerIsDegradedAndStays() {
        Supervisor supervisor = running();
        conversation().manner = Manner.HANGS;
        passes(30);
        for (int i = 0; i < 20; i++) {
            passes(9);
            List<Exchange> begun = conversation().begun;
            FakeConversation.answer(begun.get(begun.size() - 1));
            passes(10);
        }
        assertEquals(Health.DEGRADED, supervisor.snapshot().health());
        assertEquals(
                List.of("answered after 9000 ms (slow: more than 2000 ms)"),
                supervisor.snapshot().checks().issues());
        assertEquals(1, world.children.size());
        assertEquals(Phase.RUNNING, supervisor.snapshot().phase());
    }

    @Test
    void aStoppedProcessIsReplacedWithoutAskingIt() {
        Supervisor supervisor = running();
        world.child().condition = Condition.STOPPED;
        passes(50);
        assertEquals(Phase.BACKOFF, supervisor.snapshot().phase());
        assertEquals(0, conversation().begun.size());
        assertTrue(supervisor.snapshot().checks().issues().get(0).contains("stopped by a signal"));
    }

    @Test
    void aServerThatTakesNoInputIsReplaced() {
        Supervisor supervisor = running();
        conversation().manner = Manner.REFUSES;
        passes(50);
        assertEquals(Phase.BACKOFF, supervisor.snapshot().phase());
        assertTrue(supervisor
                .snapshot()
                .failure()
                .problem()
                .orElseThrow()
                .message()
                .contains("its queue is full"));
    }

    @Test
    @Fault(7)
    void aServerBusyWithACallIsUnhealthyButNotKilledForIt() {
        Supervisor supervisor = running();
        conversation().manner = Manner.HANGS;
        conversation().callsOfClients = 1;
        conversation().silence = Duration.ofSeconds(59);
        passes(120);
        assertEquals(Health.UNHEALTHY, supervisor.snapshot().health());
        assertEquals(Phase.RUNNING, supervisor.snapshot().phase());
        conversation().silence = Duration.ofSeconds(60);
        passes(20);
        assertEquals(Phase.BACKOFF, supervisor.snapshot().phase());
    }

    @Test
    void aBusyServerThatComesBackRecovers() {
        Supervisor supervisor = running();
        conversation().manner = Manner.HANGS;
        conversation().callsOfClients = 1;
        passes(120);
        conversation().callsOfClients = 0;
        conversation().manner = Manner.ANSWERS;
        passes(30);
        assertEquals(Health.HEALTHY, supervisor.snapshot().health());
        assertEquals(List.of("UNKNOWN>HEALTHY", "HEALTHY>UNHEALTHY", "UNHEALTHY>HEALTHY"), healthEvents());
    }

    @Test
    void whatIsNeverRestartedStaysUnhealthyAndMayRecover() {
        RestartPolicy temporary = new RestartPolicy(
                RestartPolicy.Mode.TEMPORARY,
                true,
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                5,
                Duration.ofSeconds(60),
                Set.of());
        Supervisor supervisor = running(with(temporary, HealthPolicy.DEFAULT));
        conversation().manner = Manner.HANGS;
        passes(200);
        assertEquals(Phase.RUNNING, supervisor.snapshot().phase());
        assertEquals(Health.UNHEALTHY, supervisor.snapshot().health());
        conversation().manner = Manner.ANSWERS;
        passes(40);
        assertEquals(Health.HEALTHY, supervisor.snapshot().health());
    }

    @Test
    void asksWhatTheOperatorWrote() {
        HealthPolicy.Request list = new HealthPolicy.Request("tools/list", "{\"cursor\":\"1\"}");
        running(with(RestartPolicy.DEFAULT, policy(true, list)));
        passes(30);
        assertEquals("tools/list", conversation().begun.get(0).request().method());
        assertEquals("{\"cursor\":\"1\"}", conversation().begun.get(0).request().params());
    }

    @Test
    void leavesServersAloneThatAreNotToBeChecked() {
        Supervisor supervisor = running(with(RestartPolicy.DEFAULT, policy(false, HealthPolicy.Request.PING)));
        conversation().manner = Manner.HANGS;
        passes(1000);
        assertEquals(0, conversation().begun.size());
        assertEquals(Health.UNKNOWN, supervisor.snapshot().health());
        assertEquals(Phase.RUNNING, supervisor.snapshot().phase());
    }

    @Test
    void aStoppedServerIsCheckedNoMoreAndNothingStaysArmed() {
        Supervisor supervisor = running();
        conversation().manner = Manner.HANGS;
        passes(35);
        supervisor.stop(false).join();
        assertEquals(Health.UNKNOWN, supervisor.snapshot().health());
        assertEquals(List.of("the health check gave up"), conversation().cancelled);
        passes(1000);
        assertEquals(1, conversation().begun.size());
        assertEquals(0, supervisor.snapshot().checks().count());
    }

    @Test
    void aServerThatIsStartedAgainAndAgainStaysCriticalUntilItIsReady() {
        Supervisor supervisor = running();
        world.child().dies(1);
        assertEquals(Health.CRITICAL, supervisor.snapshot().health());
        passes(1);
        assertEquals(Phase.STARTING, supervisor.snapshot().phase());
        assertEquals(Health.CRITICAL, supervisor.snapshot().health());
        world.child().becomesReady();
        assertEquals(Health.HEALTHY, supervisor.snapshot().health());
    }

    @Test
    void aCheckThatHangsKeepsNoOtherFromBeingMade() {
        Supervisor hanging = running(ScriptedWorld.spec("hanging"));
        conversation().manner = Manner.HANGS;
        Supervisor well = running(ScriptedWorld.spec("well"));
        passes(30);
        assertEquals(0, hanging.snapshot().checks().count());
        assertEquals(1, well.snapshot().checks().count());
    }

    @Test
    @Fault(46)
    void checksAtMostFiveServersAtATime() {
        List<Supervisor> all = new ArrayList<>();
        IntStream.range(0, 12).forEach(i -> {
            all.add(running(ScriptedWorld.spec("s" + i)));
            conversation().manner = Manner.HANGS;
        });
        passes(30);
        assertEquals(5, begun());
        passes(9);
        assertEquals(5, begun());
        passes(1);
        assertEquals(10, begun());
        passes(10);
        assertTrue(begun() >= 12, "every server has its turn: " + begun());
        all.forEach(each -> each.stop(true).join());
        Supervisor last = running(ScriptedWorld.spec("last"));
        passes(30);
        assertEquals(1, last.snapshot().checks().count());
    }

    private int begun() {
        return world.children.stream()
                .mapToInt(child -> child.conversation.begun.size())
                .sum();
    }
}

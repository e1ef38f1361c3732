package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.AlertPolicy;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Limits;
import org.mcpservermanager.server.Limits.Action;
import org.mcpservermanager.server.Limits.Limit;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.Usage;

class ResourceWatchTest {
    private static final ServerId ONE = new ServerId("one");
    private final ScriptedWorld world = new ScriptedWorld();
    private final Servers servers = new Servers(world.surroundings, Map.of());
    private final Map<Child, Usage> usages = new HashMap<>();
    private int looks;
    private boolean fails;

    private ResourceWatch running(Action action) {
        Limits limits = new Limits(
                new Limit(100_000_000, action), Limit.NONE, new Limit(50, Action.RESTART), Limit.NONE, false);
        ServerSpec spec = ScriptedWorld.spec("one", limits, AlertPolicy.DEFAULT);
        servers.add(List.of(spec));
        world.child().becomesReady();
        return ResourceWatch.start(servers, this::read, Runnable::run, world.time, Duration.ofSeconds(10));
    }

    private Map<Child, Usage> read() {
        looks++;
        if (fails) {
            throw new IllegalStateException("not now");
        }
        return Map.copyOf(usages);
    }

    private void uses(int megabytes) {
        usages.put(world.child(), AlertBookTest.usage(megabytes, 1, 2));
    }

    private Snapshot snapshot() {
        return servers.server(ONE).orElseThrow();
    }

    @Test
    void showsWhatTheServerUses() {
        running(Action.ALERT);
        uses(42);
        world.time.advanceMillis(10_000);

        assertEquals(42_000_000, snapshot().resources().memoryBytes());
        assertEquals(2, snapshot().resources().processes());
    }

    @Test
    void showsNothingOfAServerThatIsStopped() {
        running(Action.ALERT);
        uses(42);
        world.time.advanceMillis(10_000);
        servers.stop(ONE, false);

        assertEquals(Usage.NONE, snapshot().resources());
    }

    @Test
    void replacesACopyThatStaysAboveItsLimitAndSaysWhy() {
        running(Action.RESTART);
        uses(101);
        world.time.advanceMillis(11_000);
        assertEquals(Phase.RUNNING, snapshot().phase());
        ScriptedWorld.FakeConversation conversation = world.child().conversation;
        world.time.advanceMillis(1_000);

        assertEquals(Phase.BACKOFF, snapshot().phase());
        Problem problem = snapshot().failure().problem().orElseThrow();
        assertEquals(Problem.LIMIT_EXCEEDED, problem.code());
        assertTrue(problem.message().contains("101 MB of memory (limit: 100 MB"), problem::toString);
        assertTrue(problem.remedy().contains("limits.memory_mb"), problem::toString);
        assertEquals(problem, conversation.endedBecause);
        world.time.advanceMillis(1_000);
        assertEquals(2, world.children.size());
    }

    @Test
    void looksAgainSoonOnlyWhileACopyIsAboveALimitThatEndsIt() {
        running(Action.RESTART);
        uses(101);
        world.time.advanceMillis(11_000);
        assertEquals(2, looks);
        uses(99);
        world.time.advanceMillis(1_000);
        assertEquals(3, looks);
        world.time.advanceMillis(9_999);
        assertEquals(3, looks);
        world.time.advanceMillis(1);
        assertEquals(4, looks);
    }

    @Test
    void leavesACopyAloneWhoseLimitOnlyAlerts() {
        running(Action.ALERT);
        uses(500);
        world.time.advanceMillis(60_000);

        assertEquals(Phase.RUNNING, snapshot().phase());
        assertEquals(
                1, world.events.stream().filter(Event.Alert.class::isInstance).count());
    }

    @Test
    void judgesANewCopyAnew() {
        running(Action.RESTART);
        uses(101);
        world.time.advanceMillis(13_000);
        assertEquals(2, world.children.size());
        world.child().becomesReady();
        uses(101);
        world.time.advanceMillis(10_000);

        assertEquals(Phase.RUNNING, snapshot().phase());
    }

    @Test
    void goesOnAfterAFailure() {
        running(Action.ALERT);
        fails = true;
        world.time.advanceMillis(10_000);
        fails = false;
        uses(42);
        world.time.advanceMillis(10_000);

        assertEquals(42_000_000, snapshot().resources().memoryBytes());
    }

    @Test
    void endsWhenItIsClosed() {
        ResourceWatch watch = running(Action.ALERT);
        watch.close();
        world.time.advanceMillis(60_000);

        assertEquals(0, looks);
    }

    @Test
    void replacesTheCopyOfAClientSessionAloneWhenThatIsTheOneAboveTheLimit() {
        running(Action.RESTART);
        uses(50);
        CompletionStage<Conversation> own = open(new Visitor());
        uses(120);
        world.time.advanceMillis(12_000);

        assertEquals(Phase.RUNNING, snapshot().phase());
        assertEquals(0, snapshot().counts().copies().sessions());
        assertEquals(
                Problem.LIMIT_EXCEEDED,
                ((ScriptedWorld.FakeConversation) own.toCompletableFuture().join()).endedBecause.code());
        assertEquals(50_000_000, measuredAgain().memoryBytes());
    }

    @Test
    void countsTheCopiesOfClientSessionsToo() {
        running(Action.ALERT);
        uses(50);
        open(new Visitor());
        uses(30);

        assertEquals(80_000_000, measuredAgain().memoryBytes());
    }

    @Test
    void endsACopyWhoseClientIsGone() {
        running(Action.ALERT);
        Visitor visitor = new Visitor();
        open(visitor);
        world.time.advanceMillis(10_000);
        assertEquals(1, snapshot().counts().copies().sessions());

        visitor.gone = true;
        world.time.advanceMillis(10_000);

        assertEquals(0, snapshot().counts().copies().sessions());
        assertTrue(world.child().exited.isDone());
    }

    private CompletionStage<Conversation> open(Client client) {
        CompletionStage<Conversation> opening =
                servers.find(ONE).orElseThrow().sessions().of(client);
        world.child().becomesReady();
        return opening;
    }

    private Usage measuredAgain() {
        world.time.advanceMillis(10_000);
        return snapshot().resources();
    }

    private static final class Visitor implements Client {
        private boolean gone;

        @Override
        public Profile profile() {
            return ScriptedWorld.PROFILE;
        }

        @Override
        public boolean isGone() {
            return gone;
        }

        @Override
        public void tell(Message notification) {}

        @Override
        public CompletionStage<Message> ask(Message question) {
            return CompletableFuture.failedFuture(new UnsupportedOperationException("nobody asks here"));
        }
    }
}

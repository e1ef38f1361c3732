package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.faults.Fault;
import org.mcpservermanager.process.LaunchRefused;
import org.mcpservermanager.server.Dependencies;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.StartRules;
import org.mcpservermanager.server.Wish;

class DependenciesTest {
    private final ScriptedWorld world = new ScriptedWorld();
    private Servers servers = new Servers(world.surroundings, Map.of());

    @Test
    @Fault(45)
    void startsInOrderAndOnlyWhenTheEarlierIsReady() {
        servers.add(List.of(requiring("c", "b"), requiring("b", "a"), spec("a")));
        assertEquals(List.of("a"), launched());
        world.child().becomesReady();
        assertEquals(List.of("a", "b"), launched());
        world.child().becomesReady();
        assertEquals(List.of("a", "b", "c"), launched());
    }

    @Test
    void waitersHoldNoPlaceAmongTheStarting() {
        servers.add(
                List.of(requiring("b", "a"), requiring("c", "a"), requiring("d", "a"), requiring("e", "a"), spec("a")));
        assertEquals(List.of("a"), launched());
    }

    @Test
    void aStartStartsWhatItRequires() {
        servers = new Servers(world.surroundings, Map.of(id("a"), Wish.DOWN, id("b"), Wish.DOWN));
        servers.add(List.of(spec("a"), requiring("b", "a")));
        assertEquals(List.of(), launched());

        CompletionStage<Snapshot> started = servers.start(id("b"));
        assertEquals(List.of("a"), launched());
        world.child().becomesReady();
        world.child().becomesReady();
        assertEquals(Phase.RUNNING, started.toCompletableFuture().join().phase());
    }

    @Test
    void aStartWaitsForWhatItRequiresThoughItsOwnOrderIsTakenFirst() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        ScriptedWorld lastFirst = new ScriptedWorld(tasks::push);
        servers =
                new Servers(lastFirst.surroundings, Map.of(id("a"), Wish.DOWN, id("b"), Wish.DOWN, id("c"), Wish.DOWN));
        servers.add(List.of(spec("a"), requiring("b", "a"), requiring("c", "b", "a")));
        runAll(tasks);
        lastFirst.readyAtOnce = true;

        CompletionStage<Snapshot> started = servers.start(id("c"));
        runAll(tasks);

        assertEquals(Phase.RUNNING, started.toCompletableFuture().join().phase());
        assertEquals(
                List.of("a", "b", "c"),
                lastFirst.orders.stream().map(launch -> launch.server().value()).toList());
        assertTrue(
                lastFirst.events.stream()
                        .noneMatch(event -> event instanceof Event.PhaseChanged change && change.to() == Phase.PARKED),
                lastFirst.events::toString);
    }

    private static void runAll(Deque<Runnable> tasks) {
        while (!tasks.isEmpty()) {
            tasks.pop().run();
        }
    }

    @Test
    void aServerThatStartsByItselfBringsWhatItRequires() {
        servers.add(List.of(notByItself(spec("a")), requiring("b", "a")));
        assertEquals(List.of("a"), launched());
    }

    @Test
    void whatTheOperatorStoppedStaysStopped() {
        servers = new Servers(world.surroundings, Map.of(id("a"), Wish.DOWN));
        servers.add(List.of(spec("a"), requiring("b", "a")));
        assertEquals(List.of(), launched());
        assertEquals(Phase.PARKED, phase("b"));
        assertEquals(
                "server \"b\" requires \"a\", which is stopped",
                servers.server(id("b"))
                        .orElseThrow()
                        .failure()
                        .problem()
                        .orElseThrow()
                        .message());
    }

    @Test
    void aFailedRequirementIsSaidAndItsRecoveryIsNoticed() {
        world.refusal = new LaunchRefused(new Problem(Problem.COMMAND_NOT_FOUND, "no such command: x", ""), false);
        servers.add(List.of(spec("a"), requiring("b", "a")));
        assertEquals(Phase.FATAL, phase("a"));
        assertEquals(Phase.PARKED, phase("b"));
        assertEquals(
                "server \"b\" requires \"a\", which is fatal: no such command: x",
                servers.server(id("b"))
                        .orElseThrow()
                        .failure()
                        .problem()
                        .orElseThrow()
                        .message());
        assertEquals(0, servers.server(id("b")).orElseThrow().counts().failuresInRow());

        world.refusal = null;
        servers.start(id("a"));
        world.child().becomesReady();
        assertEquals(List.of("a", "a", "b"), launched());
    }

    @Test
    void aRequirementThatDoesNotExistIsSaid() {
        servers.add(List.of(requiring("b", "a")));
        assertEquals(Phase.PARKED, phase("b"));
        assertEquals(
                "server \"b\" requires \"a\", which does not exist",
                servers.server(id("b"))
                        .orElseThrow()
                        .failure()
                        .problem()
                        .orElseThrow()
                        .message());
    }

    @Test
    void afterWaitsForAStartButNotForASuccess() {
        servers.add(List.of(spec("a"), spec("b", new Dependencies(List.of(id("a"), id("x")), List.of(), List.of()))));
        assertEquals(List.of("a"), launched());
        world.child().dies(1);
        assertEquals(Phase.BACKOFF, phase("a"));
        assertEquals(List.of("a", "b"), launched());
    }

    @Test
    void theDeathOfARequirementLeavesTheOtherRunning() {
        servers.add(List.of(spec("a"), requiring("b", "a")));
        allReady(2);
        world.children.get(0).dies(1);
        assertEquals(Phase.RUNNING, phase("b"));
    }

    @Test
    @Fault(45)
    void theDeathOfWhatItIsBoundToRestartsIt() {
        servers.add(List.of(spec("a"), bound("b", "a")));
        allReady(2);
        world.children.get(0).dies(1);
        assertTrue(world.children.get(1).exited.isDone());
        assertEquals(Phase.STARTING, phase("b"));
        assertEquals(2, world.children.size());

        world.time.advanceMillis(1000);
        world.child().becomesReady();
        assertEquals(List.of("a", "b", "a", "b"), launched());
        world.child().becomesReady();
        assertEquals(Phase.RUNNING, phase("b"));
        assertEquals(0, servers.server(id("b")).orElseThrow().counts().failures());
    }

    @Test
    @Fault(45)
    void theDeathOfWhatItIsBoundToIsNoticedWhileItWaitsForAPlace() {
        servers.add(List.of(spec("a")));
        allReady(1);
        servers.add(List.of(spec("b"), spec("c"), spec("d"), bound("e", "a")));
        assertEquals(List.of("a", "b", "c", "d"), launched());

        world.children.get(0).dies(1);
        world.children.get(1).becomesReady();
        assertEquals(Phase.BACKOFF, phase("a"));
        assertEquals(List.of("a", "b", "c", "d"), launched());

        world.time.advanceMillis(1000);
        assertEquals(List.of("a", "b", "c", "d", "a"), launched());
        world.child().becomesReady();
        assertEquals(List.of("a", "b", "c", "d", "a", "e"), launched());
        world.child().becomesReady();
        assertEquals(Phase.RUNNING, phase("e"));
    }

    @Test
    void theDeathOfARequirementSparesAPlaceForWhoNeedsNothing() {
        servers.add(List.of(spec("a")));
        allReady(1);
        servers.add(List.of(spec("b"), spec("c"), spec("d"), bound("e", "a"), spec("f")));

        world.children.get(0).dies(1);
        world.children.get(1).becomesReady();
        assertEquals(List.of("a", "b", "c", "d", "f"), launched());
    }

    @Test
    void closesInTheOppositeOrder() {
        servers.add(List.of(spec("a"), requiring("b", "a"), requiring("c", "b"), spec("d")));
        allReady(4);
        world.events.clear();
        servers.close();
        List<String> stopped = world.events.stream()
                .filter(event -> event instanceof Event.PhaseChanged change && change.to() == Phase.STOPPED)
                .map(event -> event.server().value())
                .filter(id -> !id.equals("d"))
                .toList();
        assertEquals(List.of("c", "b", "a"), stopped);
    }

    @Test
    @Fault(45)
    void refusesACycleAndAddsNothing() {
        servers.add(List.of(spec("a")));
        ProblemException refusal = assertThrows(
                ProblemException.class,
                () -> servers.add(List.of(requiring("b", "d"), requiring("c", "b"), requiring("d", "c"))));
        assertEquals(
                "servers come after each other: \"b\" after \"d\" after \"c\" after \"b\" (expected: no cycle)",
                refusal.problem().message());
        assertEquals(1, servers.servers().size());
    }

    private void allReady(int count) {
        for (int i = 0; i < count; i++) {
            world.children.get(i).becomesReady();
        }
    }

    private Phase phase(String id) {
        return servers.server(id(id)).orElseThrow().phase();
    }

    private List<String> launched() {
        return world.orders.stream().map(launch -> launch.server().value()).toList();
    }

    private static ServerId id(String id) {
        return new ServerId(id);
    }

    private static ServerSpec spec(String id) {
        return ScriptedWorld.spec(id);
    }

    private static ServerSpec notByItself(ServerSpec spec) {
        return spec.draft().enabled(true).autoStart(false).spec();
    }

    private static ServerSpec requiring(String id, String... others) {
        return spec(
                id,
                new Dependencies(
                        List.of(), Arrays.stream(others).map(ServerId::new).toList(), List.of()));
    }

    private static ServerSpec bound(String id, String other) {
        return spec(id, new Dependencies(List.of(), List.of(), List.of(id(other))));
    }

    private static ServerSpec spec(String id, Dependencies dependencies) {
        StartRules standard = StartRules.DEFAULT;
        return spec(id).with(new StartRules(standard.startupMax(), standard.drain(), dependencies));
    }
}

package org.mcpservermanager.manage.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.manage.FakeFleet;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.server.Health;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;

class EventHubTest {
    private static final Subscription ALL = Subscription.parse(null, "");
    private final Events events = new Events();
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final EventHub hub = new EventHub(events, tasks::add);
    private final Client client = new Client();

    private static final class Client implements EventHub.Receiver {
        final List<String> types = new ArrayList<>();
        final List<String> ids = new ArrayList<>();
        final List<String> bodies = new ArrayList<>();
        boolean gone;

        @Override
        public boolean send(String type, String id, String json) {
            types.add(type);
            ids.add(id);
            bodies.add(json);
            return !gone;
        }
    }

    @AfterEach
    void end() {
        hub.close();
    }

    private void output(String server, int lines) {
        for (int i = 0; i < lines; i++) {
            events.publish(new Event.Output(new ServerId(server), 1, true, i, "x", FakeFleet.NOW));
            runTasks();
        }
    }

    private void health(String server) {
        events.publish(
                new Event.HealthChanged(new ServerId(server), Health.HEALTHY, Health.DEGRADED, "", FakeFleet.NOW));
        runTasks();
    }

    private void runTasks() {
        while (!tasks.isEmpty()) {
            tasks.poll().run();
        }
    }

    private Runnable subscribe(Subscription subscription, String lastId, Client receiver) {
        Runnable end = hub.subscribe(subscription, lastId, receiver).orElseThrow();
        runTasks();
        return end;
    }

    @Test
    void sendsEventsFromNowOnUntilTheClientLeaves() {
        output("a", 1);
        Runnable end = subscribe(ALL, "", client);
        health("a");
        end.run();
        health("b");
        assertEquals(List.of("server:health"), client.types);
        assertTrue(client.bodies.get(0).contains("\"serverId\":\"a\""), client.bodies.get(0));
        assertEquals(0, hub.count());
    }

    @Test
    void sendsOnlyWhatWasAskedFor() {
        subscribe(Subscription.parse("a, b", "server:health"), "", client);
        output("a", 1);
        health("a");
        health("c");
        health("b");
        assertEquals(List.of("server:health", "server:health"), client.types);
        assertTrue(client.bodies.get(1).contains("\"serverId\":\"b\""));
    }

    @Test
    void goesOnWhereAClientLeftOff() {
        subscribe(ALL, "", client);
        output("a", 2);
        Client again = new Client();
        subscribe(ALL, client.ids.get(0), again);
        output("a", 1);
        assertEquals(List.of(client.ids.get(1), client.ids.get(2)), again.ids);
    }

    @Test
    void tellsAClientThatItMissedMoreThanIsKept() {
        subscribe(ALL, "", client);
        output("a", EventHub.KEPT_MAX + 2);
        Client late = new Client();
        subscribe(ALL, client.ids.get(0), late);
        assertEquals("gap", late.types.get(0));
        assertEquals(EventHub.KEPT_MAX + 1, late.types.size());
        assertEquals(client.ids.get(2), late.ids.get(1));
        Client inTime = new Client();
        subscribe(ALL, client.ids.get(1), inTime);
        assertNotEquals("gap", inTime.types.get(0));
        assertEquals(EventHub.KEPT_MAX, inTime.types.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"other-1", "7", "-", "x-y"})
    void tellsAClientOfAnotherRunThatItMissedSomething(String lastId) {
        output("a", 1);
        subscribe(ALL, lastId, client);
        assertEquals(List.of("gap", "server:stderr"), client.types);
    }

    @Test
    void forgetsAClientThatTakesNoMore() {
        subscribe(ALL, "", client);
        client.gone = true;
        health("a");
        health("a");
        assertEquals(1, client.types.size());
        assertEquals(0, hub.count());
    }

    @Test
    void tellsClientsWhenEventsWereDropped() {
        subscribe(ALL, "", client);
        for (int i = 0; i < EventHub.WAITING_MAX + 1; i++) {
            events.publish(new Event.Output(new ServerId("a"), 1, true, i, "x", FakeFleet.NOW));
        }
        assertTrue(hub.subscribe(ALL, "", new Client()).isEmpty(), "no client while the queue is full");
        runTasks();
        assertEquals("gap", client.types.get(0));
        assertEquals(EventHub.WAITING_MAX + 1, client.types.size());
    }

    @Test
    void refusesFiltersThatCannotMatch() {
        assertThrows(ProblemException.class, () -> Subscription.parse("a,../b", null));
        String types = IntStream.range(0, 300).mapToObj(i -> "x" + i).collect(Collectors.joining(","));
        assertThrows(ProblemException.class, () -> Subscription.parse(null, types));
        assertEquals(new Subscription(Set.of("a"), Set.of()), Subscription.parse(" a ,, ", " "));
    }
}

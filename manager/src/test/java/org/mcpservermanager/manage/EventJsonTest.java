package org.mcpservermanager.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Health;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.Wire;

class EventJsonTest {
    private static final ServerId ID = new ServerId("echo");
    private static final Problem PROBLEM = new Problem("process_exited", "It crashed", "Read its log");

    private static Event.PhaseChanged changed(Phase from, Snapshot to, Optional<Problem> cause, Optional<Exit> exit) {
        return new Event.PhaseChanged(ID, to.generation(), from, to.phase(), cause, exit, to, FakeFleet.NOW);
    }

    @Test
    void saysWhatOlderManagersSaidWhenAServerStops() {
        JsonObject byExit = EventJson.of(
                changed(Phase.STOPPING, FakeFleet.stopped("echo"), Optional.empty(), Optional.of(new Exit(0, 0))));
        assertEquals("server:stopped", byExit.getString("type"));
        assertEquals("echo", byExit.getString("serverId"));
        assertEquals(0, byExit.getInt("code"));
        assertTrue(byExit.isNull("signal"));
        JsonObject bySignal = EventJson.of(
                changed(Phase.STOPPING, FakeFleet.stopped("echo"), Optional.empty(), Optional.of(new Exit(-1, 15))));
        assertTrue(bySignal.isNull("code"));
        assertEquals("SIGTERM", bySignal.getString("signal"));
    }

    @Test
    void saysWhatOlderManagersSaidWhenAServerFails() {
        Snapshot failed = FakeFleet.failed("echo", Phase.PARKED, PROBLEM);
        JsonObject json = EventJson.of(changed(Phase.BACKOFF, failed, Optional.of(PROBLEM), Optional.empty()));
        assertEquals("server:restart-failed", json.getString("type"));
        assertEquals("It crashed", json.getString("error"));
        assertEquals("process_exited", json.getJsonObject("problem").getString("code"));
        assertEquals("2026-01-02T03:04:09Z", json.getString("nextTryAt"));
    }

    @Test
    void saysWhyEvenWithoutAProblem() {
        Snapshot failed = FakeFleet.failed("echo", Phase.FATAL, PROBLEM);
        assertEquals(
                "Process ended: signal 9 (SIGKILL)",
                EventJson.of(changed(Phase.RUNNING, failed, Optional.empty(), Optional.of(new Exit(-1, 9))))
                        .getString("error"));
    }

    @Test
    void usesTheWordsOfTheServerItself() {
        for (Snapshot server : Set.of(FakeFleet.running("echo"), FakeFleet.failed("echo", Phase.BACKOFF, PROBLEM))) {
            JsonObject rest = ServerJson.of(server, FakeFleet.NOW);
            JsonObject event = EventJson.of(changed(
                    Phase.STARTING,
                    server,
                    server.failure().problem(),
                    server.failure().exit()));
            assertEquals(rest.get("phase"), event.get("to"));
            for (String name : Set.of(
                    "status",
                    "health",
                    "generation",
                    "pid",
                    "restartCount",
                    "failuresInRow",
                    "nextTryAt",
                    "problem",
                    "exit")) {
                assertEquals(rest.get(name), event.get(name), name);
            }
        }
    }

    @Test
    void carriesOutputAsData() {
        JsonObject json = EventJson.of(new Event.Output(ID, 3, true, 42, "oops \"quoted\"", FakeFleet.NOW));
        assertEquals("server:stderr", json.getString("type"));
        assertEquals("oops \"quoted\"", json.getString("data"));
        assertEquals(42, json.getInt("sequence"));
    }

    @Test
    void coversEveryKindOfEvent() {
        assertEquals(
                "degraded",
                EventJson.of(new Event.HealthChanged(ID, Health.HEALTHY, Health.DEGRADED, "slow", FakeFleet.NOW))
                        .getString("to"));
        assertEquals(
                "removed",
                EventJson.of(new Event.FleetChanged(ID, Event.FleetChanged.Change.REMOVED, FakeFleet.NOW))
                        .getString("change"));
        assertEquals(
                "notifications/tools/list_changed",
                EventJson.of(new Event.ListChanged(ID, "notifications/tools/list_changed", FakeFleet.NOW))
                        .getString("method"));
        JsonObject exited = EventJson.of(new Event.ProcessExited(ID, 3, 4711, new Exit(1, 0), false, FakeFleet.NOW));
        assertEquals(1, exited.getJsonObject("exit").getInt("code"));
        assertEquals(4711, exited.getInt("pid"));
    }

    @Test
    void showsTheMembersOlderClientsRead() {
        JsonObject json = ServerJson.of(FakeFleet.running("echo"), FakeFleet.NOW);
        assertEquals("running", json.getString("status"));
        assertEquals("2026-01-02T03:03:05Z", json.getString("startTime"));
        assertEquals(3, json.getInt("restartCount"));
        assertEquals("node", json.getJsonObject("config").getString("command"));
        assertEquals("stdio", json.getJsonObject("config").getString("transport"));
        assertEquals(60_000, json.getInt("uptimeMs"));
        assertEquals("/servers/echo/mcp", json.getString("url"));
        assertFalse(json.containsKey("lastError"));
    }

    @Test
    void showsHowWellAServerIsAndWhy() {
        JsonObject failed =
                ServerJson.of(FakeFleet.failed("echo", Phase.BACKOFF, new Problem("x", "y", "z")), FakeFleet.NOW);
        assertEquals(
                "[\"process 7 is gone\",\"\\\"x\\\"\"]",
                failed.get("healthIssues").toString());
        assertEquals(12, failed.getInt("healthChecks"));
        assertEquals(FakeFleet.NOW.toString(), failed.getString("lastHealthCheck"));
        assertEquals(15, failed.getInt("healthLatencyMs"));
        JsonObject policy = failed.getJsonObject("config").getJsonObject("health");
        assertEquals(30_000, policy.getInt("intervalMs"));
        assertEquals("ping", policy.getString("request"));
        JsonObject unchecked = ServerJson.of(FakeFleet.stopped("echo"), FakeFleet.NOW);
        assertEquals("[]", unchecked.get("healthIssues").toString());
        assertFalse(unchecked.containsKey("lastHealthCheck") || unchecked.containsKey("healthLatencyMs"));
        assertEquals(
                "server:health echo: degraded, slow",
                EventJson.sentence(
                        new Event.HealthChanged(ID, Health.HEALTHY, Health.DEGRADED, "slow", FakeFleet.NOW)));
    }

    @Test
    void neverShowsASecret() {
        URI url = URI.create("https://user:" + FakeFleet.SECRET + "@example.com/mcp?key=" + FakeFleet.SECRET);
        Wire http = new Wire.Http(url, Map.of("Authorization", FakeFleet.SECRET), false);
        Snapshot stdio = FakeFleet.running("echo");
        ServerSpec remote = FakeFleet.spec("remote", http);
        Snapshot other = new Snapshot(
                remote,
                stdio.wish(),
                stdio.phase(),
                stdio.step(),
                stdio.health(),
                1,
                stdio.counts(),
                stdio.running(),
                stdio.failure());
        String shown = ServerJson.of(stdio, FakeFleet.NOW).toString() + ServerJson.of(other, FakeFleet.NOW);
        assertFalse(shown.contains(FakeFleet.SECRET), shown);
        assertTrue(shown.contains("\"env\":{\"A\":\"***\",\"TOKEN\":\"***\"}"), shown);
        assertTrue(shown.contains("https://***@example.com/mcp?***"), shown);
        assertTrue(shown.contains("\"headers\":{\"Authorization\":\"***\"}"), shown);
    }
}

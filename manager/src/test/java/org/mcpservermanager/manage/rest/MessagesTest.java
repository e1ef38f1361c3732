package org.mcpservermanager.manage.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.manage.FakeFleet;
import org.mcpservermanager.routing.MessageRelay;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;

class MessagesTest {
    private static final ServerId ECHO = new ServerId("echo");
    private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}";
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final FakeFleet fleet = new FakeFleet().with(FakeFleet.running("echo"));

    @AfterEach
    void end() {
        executor.shutdownNow();
    }

    private Messages messages(MessageRelay relay) {
        return new Messages(fleet, relay, executor);
    }

    @Test
    void givesTheResponseBackAsItCame() throws Exception {
        String answer = "{\"id\": 7 ,\"jsonrpc\":\"2.0\",\"result\":{}}";
        Reply reply = OperationsTest.get(messages((server, json, timeout) -> {
                    assertEquals(ECHO, server);
                    assertEquals(PING, json);
                    assertEquals(Duration.ofSeconds(30), timeout);
                    return CompletableFuture.completedStage(answer);
                })
                .send(ECHO, PING));
        assertEquals(new Reply(200, answer), reply);
    }

    @Test
    void acceptsANotification() throws Exception {
        Reply reply = OperationsTest.get(messages((server, json, timeout) -> CompletableFuture.completedStage(""))
                .send(ECHO, PING));
        assertEquals(new Reply(202, ""), reply);
    }

    @Test
    void tellsARefusalOfTheRelay() throws Exception {
        ProblemException refusal =
                new ProblemException(new Problem(Problem.SERVER_NOT_RUNNING, "Not running", "Start it"));
        Reply failed = OperationsTest.get(messages((server, json, timeout) -> CompletableFuture.failedStage(refusal))
                .send(ECHO, PING));
        assertEquals(503, failed.status());
        Reply thrown = OperationsTest.get(messages((server, json, timeout) -> {
                    throw refusal;
                })
                .send(ECHO, PING));
        assertEquals(failed, thrown);
    }

    @Test
    void doesNotTrustTheRelayToEnd() throws Exception {
        Messages impatient = new Messages(
                fleet, (server, json, timeout) -> new CompletableFuture<>(), executor, Duration.ofMillis(-1990));
        Reply reply = OperationsTest.get(impatient.send(ECHO, PING));
        assertEquals(504, reply.status());
        assertEquals("timeout", OperationsTest.object(reply).getString("code"));
    }

    @Test
    void refusesUnknownServersAndEmptyBodies() {
        Messages messages = messages((server, json, timeout) -> {
            throw new AssertionError("nothing to relay");
        });
        assertEquals(
                "server_not_found",
                assertThrows(ProblemException.class, () -> messages.send(new ServerId("none"), PING))
                        .problem()
                        .code());
        assertEquals(
                "invalid_request",
                assertThrows(ProblemException.class, () -> messages.send(ECHO, ""))
                        .problem()
                        .code());
    }

    @Test
    void showsTheLastLines() {
        Reads reads = new Reads(fleet, new NoRecords());
        for (int i = 0; i < 3; i++) {
            fleet.lines.add(new Event.Output(ECHO, 1, i > 0, i, "line " + i, FakeFleet.NOW));
        }
        Reply reply = reads.logs(ECHO, 2);
        assertEquals(
                "[\"line 1\",\"line 2\"]",
                Json.createArrayBuilder(OperationsTest.object(reply).getJsonArray("lines").stream()
                                .map(line -> line.asJsonObject().getString("data"))
                                .toList())
                        .build()
                        .toString());
        assertEquals(
                "stderr",
                OperationsTest.object(reply)
                        .getJsonArray("lines")
                        .getJsonObject(0)
                        .getString("stream"));
        assertThrows(ProblemException.class, () -> reads.logs(new ServerId("none"), 2));
    }

    @Test
    void listsServersAsAnArray() {
        Reads reads = new Reads(fleet.with(FakeFleet.stopped("a")), new NoRecords());
        assertTrue(reads.all().json().startsWith("[{\"id\":\"a\","), reads.all().json());
        assertEquals("echo", OperationsTest.object(reads.one(ECHO)).getString("id"));
        ProblemException unknown = assertThrows(ProblemException.class, () -> reads.one(new ServerId("none")));
        assertEquals(404, Reply.of(unknown.problem()).status());
        assertEquals(
                "Server 'none' not found",
                OperationsTest.object(Reply.of(unknown.problem())).getString("error"));
    }
}

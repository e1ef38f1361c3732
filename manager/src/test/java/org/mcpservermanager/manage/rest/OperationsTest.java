package org.mcpservermanager.manage.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcpservermanager.manage.FakeFleet;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;

class OperationsTest {
    private static final ServerId ECHO = new ServerId("echo");
    private static final Operations.Order START = new Operations.Order(Operations.Verb.START, false);
    private static final Operations.Order STOP = new Operations.Order(Operations.Verb.STOP, false);
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final FakeFleet fleet = new FakeFleet();
    private final Operations operations = new Operations(fleet, executor);

    @AfterEach
    void end() {
        executor.shutdownNow();
    }

    static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    static JsonObject object(Reply reply) {
        return Json.createReader(new StringReader(reply.json())).readObject();
    }

    private JsonObject carryOut(Operations.Order order, int expectedStatus) throws Exception {
        Outcome outcome = get(operations.carryOut(ECHO, order));
        assertEquals(expectedStatus, outcome.status());
        return outcome.json(FakeFleet.NOW);
    }

    @Test
    void answersWithTheServerThatRuns() throws Exception {
        fleet.with(FakeFleet.stopped("echo")).ends(FakeFleet.running("echo"));
        JsonObject json = carryOut(START, 200);
        assertTrue(json.getBoolean("success"));
        assertEquals("running", json.getJsonObject("server").getString("status"));
        assertFalse(json.containsKey("error"));
        assertEquals(List.of("start echo"), fleet.asked);
    }

    @ParameterizedTest
    @CsvSource({
        "command_not_found,422",
        "invalid_configuration,422",
        "startup_timeout,504",
        "process_exited,502",
        "handshake_failed,502",
        "host_exhausted,503",
        "a_code_nobody_knows,502"
    })
    void answersWithTheProblemOfAServerThatFailed(String code, int status) throws Exception {
        Problem problem = new Problem(code, "It broke", "Mend it");
        fleet.with(FakeFleet.stopped("echo")).ends(FakeFleet.failed("echo", Phase.BACKOFF, problem));
        JsonObject json = carryOut(START, status);
        assertFalse(json.getBoolean("success"));
        assertEquals("It broke", json.getString("error"));
        assertEquals(code, json.getString("code"));
        assertEquals("Mend it", json.getString("remedy"));
        assertEquals("backoff", json.getJsonObject("server").getString("phase"));
    }

    @Test
    void tellsThatSomebodyElseStoppedTheServer() throws Exception {
        fleet.with(FakeFleet.stopped("echo")).ends(FakeFleet.stopped("echo"));
        assertEquals("superseded", carryOut(START, 409).getString("code"));
    }

    @Test
    void tellsThatAServerIsUnknown() throws Exception {
        JsonObject json = carryOut(START, 404);
        assertEquals("server_not_found", json.getString("code"));
        assertEquals("Server 'echo' not found", json.getString("error"));
        assertEquals(List.of(), fleet.asked);
    }

    @Test
    void tellsThatAStopLeftProcessesAlive() throws Exception {
        Snapshot stopped = FakeFleet.stopped("echo");
        Problem before = new Problem(Problem.PROCESS_EXITED, "crashed yesterday", "");
        Snapshot.Failure stuck =
                new Snapshot.Failure(Optional.of(before), Optional.empty(), Optional.empty(), Optional.empty(), true);
        fleet.with(stopped)
                .ends(new Snapshot(
                        stopped.spec(),
                        stopped.wish(),
                        stopped.phase(),
                        stopped.step(),
                        stopped.health(),
                        1,
                        stopped.counts(),
                        stopped.running(),
                        stuck));
        assertEquals("stop_incomplete", carryOut(STOP, 502).getString("code"));
    }

    @Test
    void passesForceOn() throws Exception {
        fleet.with(FakeFleet.running("echo")).ends(FakeFleet.stopped("echo"));
        carryOut(new Operations.Order(Operations.Verb.STOP, true), 200);
        assertEquals(List.of("kill echo"), fleet.asked);
    }

    @Test
    void waitsOnlyAsLongAsTheServersOwnTimeouts() throws Exception {
        ServerSpec spec = FakeFleet.running("echo").spec();
        assertEquals(Duration.ofSeconds(30 + 5), Operations.limit(spec, Operations.Verb.START));
        assertEquals(Duration.ofSeconds(5 + 2 + 10 + 5), Operations.limit(spec, Operations.Verb.STOP));
        assertEquals(Duration.ofSeconds(35 + 22), Operations.limit(spec, Operations.Verb.RESTART));
        CompletableFuture<String> late =
                new Patience(executor).within(Duration.ofMillis(1), CompletableFuture<String>::new, () -> "late");
        assertEquals("late", get(late));
    }

    @Test
    void saysWhatGoesOnWhenTheWaitIsOver() {
        Outcome late = Outcome.late(FakeFleet.running("echo"), "stop");
        assertEquals(504, late.status());
        assertEquals("timeout", late.json(FakeFleet.NOW).getString("code"));
    }

    @Test
    void hidesOurOwnFailuresButNotThatThereWasOne() throws Exception {
        fleet.with(FakeFleet.stopped("echo"))
                .ends("echo", CompletableFuture.failedStage(new IllegalStateException("secret detail")));
        JsonObject json = carryOut(START, 500);
        assertEquals("internal_error", json.getString("code"));
        assertFalse(json.toString().contains("secret detail"));
    }

    @Test
    void keepsTheProblemOfARefusedWish() throws Exception {
        Problem refusal = new Problem(Problem.HOST_EXHAUSTED, "No more processes", "Stop some");
        fleet.with(FakeFleet.stopped("echo"))
                .ends("echo", CompletableFuture.failedStage(new ProblemException(refusal)));
        assertEquals("host_exhausted", carryOut(START, 503).getString("code"));
        assertEquals(Optional.of(refusal), operations.begin(ECHO, START));
    }

    @Test
    void goesOnWithoutWaiting() {
        fleet.with(FakeFleet.stopped("echo")).ends("echo", new CompletableFuture<>());
        assertEquals(Optional.empty(), operations.begin(ECHO, START));
        assertEquals(List.of("start echo"), fleet.asked);
    }

    @Test
    void givesEachServerOfABulkItsOwnResult() throws Exception {
        fleet.with(FakeFleet.stopped("a")).with(FakeFleet.stopped("b")).ends(FakeFleet.running("a"));
        fleet.ends(FakeFleet.failed("b", Phase.FATAL, new Problem("command_not_found", "No 'x' on PATH", "Install x")));
        Bulk bulk = new Bulk(fleet, operations);
        JsonObject json = object(get(bulk.carryOut("{\"ids\":[\"a\",\"b\",\"a\",\"none\",\"No Id\"]}", START)));
        assertEquals("[\"a\"]", json.getJsonArray("successful").toString());
        assertEquals("[\"b\",\"none\",\"No Id\"]", json.getJsonArray("failed").toString());
        assertTrue(json.getJsonObject("results").getJsonObject("a").getBoolean("success"));
        assertEquals(
                "No 'x' on PATH",
                json.getJsonObject("results").getJsonObject("b").getString("error"));
        assertEquals(
                "server_not_found",
                json.getJsonObject("results").getJsonObject("none").getString("code"));
        assertEquals(List.of("start a", "start b"), fleet.asked);
    }

    @Test
    void takesAllServersWithoutIds() throws Exception {
        fleet.with(FakeFleet.stopped("a")).with(FakeFleet.stopped("b"));
        Bulk bulk = new Bulk(fleet, operations);
        for (String body : List.of("", "{}")) {
            assertEquals(
                    "[\"a\",\"b\"]",
                    object(get(bulk.carryOut(body, STOP)))
                            .getJsonArray("successful")
                            .toString());
        }
        assertEquals(
                "[]",
                object(get(bulk.carryOut("{\"ids\":[]}", STOP)))
                        .getJsonArray("successful")
                        .toString());
        Reply begun = bulk.begin("{\"ids\":[\"a\",\"none\"]}", STOP);
        assertEquals(202, begun.status());
        assertEquals("[\"a\"]", object(begun).getJsonArray("accepted").toString());
        assertEquals("[\"none\"]", object(begun).getJsonArray("failed").toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{\"ids\":\"a\"}", "{\"ids\":[1]}", "{\"ids\":null}", "{\"ids\":{}}", "[\"a\"]"})
    void refusesABulkItDoesNotUnderstand(String body) {
        Bulk bulk = new Bulk(fleet, operations);
        ProblemException refusal = assertThrows(ProblemException.class, () -> bulk.carryOut(body, STOP));
        assertEquals("invalid_request", refusal.problem().code());
        assertEquals(List.of(), fleet.asked);
    }

    @Test
    void definesAServerOnce() {
        SpecReader reader = (id, entry, source) -> {
            assertFalse(entry.containsKey("id"));
            assertEquals("api", source);
            return ServerSpec.of(id, FakeFleet.wire(), entry.getString("command"));
        };
        Definitions definitions = new Definitions(fleet, reader, executor);
        Reply reply = definitions.define("{\"id\":\"new\",\"command\":\"node\"}");
        assertEquals(201, reply.status());
        assertEquals("new", object(reply).getJsonObject("server").getString("id"));
        ProblemException again =
                assertThrows(ProblemException.class, () -> definitions.define("{\"id\":\"new\",\"command\":\"node\"}"));
        assertEquals(409, Reply.of(again.problem()).status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{}", "{\"id\":1}", "{\"id\":\"../x\"}", "{\"id\":\"\"}", "{\"id\":\"Upper\"}"})
    void refusesADefinitionWithoutAProperId(String body) {
        Definitions definitions =
                new Definitions(fleet, (id, entry, source) -> ServerSpec.of(id, FakeFleet.wire(), ""), executor);
        ProblemException refusal = assertThrows(ProblemException.class, () -> definitions.define(body));
        assertEquals(422, Reply.of(refusal.problem()).status());
        assertEquals(List.of(), fleet.servers());
    }

    @Test
    void removesAServer() throws Exception {
        fleet.with(FakeFleet.stopped("echo"));
        Definitions definitions =
                new Definitions(fleet, (id, entry, source) -> ServerSpec.of(id, FakeFleet.wire(), ""), executor);
        assertEquals(200, get(definitions.remove(ECHO)).status());
        assertEquals(List.of(), fleet.servers());
        assertThrows(ProblemException.class, () -> definitions.remove(ECHO));
    }
}

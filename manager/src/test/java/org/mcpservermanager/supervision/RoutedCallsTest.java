package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.faults.Fault;
import org.mcpservermanager.process.LaunchRefused;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.routing.FleetRouter;
import org.mcpservermanager.server.Exposure;
import org.mcpservermanager.server.NameFilter;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.Quota;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;

/** What becomes of calls between the endpoint and the copy: turns, filters, loss, tasks. */
class RoutedCallsTest {
    private static final ServerId ID = new ServerId("a");
    private static final String LOST = "{\"server\":\"a\",\"code\":\"process_exited\"}";
    private final ScriptedWorld world = new ScriptedWorld();
    private final Servers servers = new Servers(world.surroundings, Map.of());
    private final FleetRouter router =
            new FleetRouter(servers, world.bus, ScriptedWorld.PROFILE, Duration.ofMinutes(1), Clock.systemUTC());
    private final SomeClient anna = new SomeClient(ScriptedWorld.PROFILE, new ArrayList<>());
    private final SomeClient bert = new SomeClient(ScriptedWorld.PROFILE, new ArrayList<>());

    private record SomeClient(Profile profile, List<Message> told) implements Client {
        @Override
        public void tell(Message notification) {
            told.add(notification);
        }

        @Override
        public CompletionStage<Message> ask(Message question) {
            return new CompletableFuture<>();
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    private record Asked(Message request, Client client, CompletableFuture<Message> outcome) implements Exchange {
        @Override
        public void tell(Message notification) {}

        @Override
        public CompletionStage<Message> ask(Message question) {
            return client.ask(question);
        }

        @Override
        public void complete(Message response) {
            outcome.complete(response);
        }

        String text() {
            return new String(outcome.join().bytes(), StandardCharsets.UTF_8);
        }
    }

    @BeforeEach
    void aServerThatTakesItsTime() {
        define(spec -> spec);
        router.harmless((server, tool) -> tool.equals("look"));
    }

    private void define(java.util.function.UnaryOperator<ServerSpec> change) {
        if (world.children.isEmpty()) {
            servers.add(List.of(change.apply(ScriptedWorld.spec("a"))));
            world.child().conversation.manner = ScriptedWorld.Manner.HANGS;
            world.child().becomesReady();
        } else {
            servers.update(change.apply(ScriptedWorld.spec("a")))
                    .toCompletableFuture()
                    .join();
        }
    }

    private Asked send(Client client, String method, String params) {
        Asked asked = new Asked(Message.request("1", method, params), client, new CompletableFuture<>());
        router.send(ID, asked);
        return asked;
    }

    private Asked tool(String name) {
        return send(anna, "tools/call", "{\"name\":\"" + name + "\"}");
    }

    private List<Exchange> begun() {
        return world.child().conversation.begun.stream()
                .filter(exchange -> !exchange.request().method().equals("ping"))
                .toList();
    }

    private static void answer(Exchange exchange, String result) {
        exchange.complete(Message.result(exchange.request().id(), result));
    }

    private static void lose(Exchange exchange) {
        exchange.complete(Message.error(
                exchange.request().id(), new RpcError(RpcError.SERVER_UNAVAILABLE, "it went away", LOST)));
    }

    @Test
    void aCallBeyondTheQuotaWaitsForItsTurn() {
        define(spec -> spec.with(new Quota(1, 0, true)));
        tool("x");
        Asked second = tool("y");
        assertEquals(1, begun().size());
        answer(begun().get(0), "{}");
        assertEquals("y", begun().get(1).request().param("name"));
        answer(begun().get(1), "{\"done\":true}");
        assertTrue(second.text().contains("\"done\":true"), second.text());
    }

    @Test
    void whatIsAboutACallThatWasLetInDoesNotWait() {
        define(spec -> spec.with(new Quota(1, 0, true)));
        tool("x");
        send(anna, "logging/setLevel", "{\"level\":\"info\"}");
        assertEquals(2, begun().size());
    }

    @Test
    void aCancelledCallGivesItsTurnAway() {
        define(spec -> spec.with(new Quota(1, 0, true)));
        tool("x");
        Asked second =
                new Asked(Message.request("2", "tools/call", "{\"name\":\"y\"}"), anna, new CompletableFuture<>());
        router.send(ID, second).cancel("no more");
        tool("z");
        answer(begun().get(0), "{}");
        assertEquals(
                List.of("x", "z"),
                begun().stream()
                        .map(exchange -> exchange.request().param("name"))
                        .toList());
    }

    @Test
    void whatIsHiddenIsRefusedWhateverTheEndpoint() {
        define(spec -> spec.with(new Exposure(
                new Exposure.Named(new NameFilter(List.of(), List.of("rm")), Map.of(), Map.of()),
                Exposure.Named.ALL,
                new NameFilter(List.of(), List.of("file:///etc/*")))));
        assertTrue(tool("rm").text().contains("Unknown tool: rm"));
        assertTrue(send(anna, "resources/read", "{\"uri\":\"file:///etc/x\"}")
                .text()
                .contains("-32002"));
        assertEquals(0, begun().size());
    }

    @Test
    void aLostCallOfAHarmlessToolRunsOnceMoreAtTheNextCopy() {
        Asked asked = tool("look");
        world.readyAtOnce = false;
        ScriptedWorld.FakeChild first = world.child();
        lose(begun().get(0));
        first.dies(1);
        first.becomesEmpty();
        world.time.advanceMillis(2_000);
        assertEquals(2, world.children.size());
        world.child().conversation.manner = ScriptedWorld.Manner.HANGS;
        world.child().becomesReady();
        assertEquals(1, begun().size());
        answer(begun().get(0), "{\"again\":true}");
        assertTrue(asked.text().contains("\"again\":true"), asked.text());
    }

    @Test
    void aCallBetweenTheDeathOfACopyAndItsNewsWaitsForTheNextCopyAndIsSentOnce() {
        ScriptedWorld.FakeChild first = world.child();
        first.conversation.end(new Problem(Problem.PROCESS_EXITED, "its output ended", ""));
        assertEquals(Phase.RUNNING, servers.server(ID).orElseThrow().phase());

        Asked asked = tool("write");
        assertEquals(List.of(), begun());
        first.dies(1);
        first.becomesEmpty();
        world.time.advanceMillis(2_000);
        world.child().conversation.manner = ScriptedWorld.Manner.HANGS;
        world.child().becomesReady();

        assertEquals(1, begun().size());
        answer(begun().get(0), "{\"at\":\"the second\"}");
        assertTrue(asked.text().contains("the second"), asked.text());
        assertEquals(List.of(), first.conversation.begun);
    }

    @Test
    void aCallBetweenTheDeathOfACopyAndItsNewsFailsWhenNoneFollows() {
        ScriptedWorld.FakeChild first = world.child();
        first.conversation.end(new Problem(Problem.PROCESS_EXITED, "its output ended", ""));
        Asked asked = tool("write");
        world.refusal = new LaunchRefused(new Problem(Problem.COMMAND_NOT_FOUND, "no such command: x", ""), false);
        first.dies(1);
        first.becomesEmpty();
        world.time.advanceMillis(2_000);

        assertTrue(asked.text().contains("command_not_found"), asked.text());
        assertEquals(List.of(), first.conversation.begun);
    }

    private ScriptedWorld.FakeChild loseWithItsCopy(Exchange exchange) {
        ScriptedWorld.FakeChild dying = world.child();
        dying.conversation.end(new Problem(Problem.PROCESS_EXITED, "its output ended", ""));
        lose(exchange);
        return dying;
    }

    private static String data(Asked asked, String member) {
        return JsonText.member(JsonText.member(asked.outcome().join().error(), "data"), member);
    }

    @Test
    @Fault(34)
    void aCallThatIsLostWithItsServerSaysItsPhaseAndItsNextTry() {
        Asked asked = tool("write");
        ScriptedWorld.FakeChild dying = loseWithItsCopy(begun().get(0));
        assertFalse(asked.outcome().isDone());
        dying.dies(1);

        assertTrue(asked.outcome().isDone());
        assertEquals("\"a\"", data(asked, "server"));
        assertEquals("\"process_exited\"", data(asked, "code"));
        assertEquals("\"backoff\"", data(asked, "phase"));
        long retryAfterMillis = Long.parseLong(data(asked, "retryAfterMs"));
        assertTrue(retryAfterMillis > 0 && retryAfterMillis <= 1_000, asked.text());
        assertTrue(asked.text().contains("it went away (next try in 1 s)"), asked.text());
        assertEquals(1, servers.server(ID).orElseThrow().counts().errors());
    }

    @Test
    void aConnectionThatIsLostBeforeItsServerIsGivenUpSaysThatToo() {
        Asked asked = tool("write");
        Exchange begun = begun().get(0);
        begun.complete(Message.error(
                begun.request().id(),
                new RpcError(
                        RpcError.SERVER_UNAVAILABLE,
                        "The server did not answer: EOF",
                        "{\"code\":\"connection_lost\"}")));
        assertFalse(asked.outcome().isDone());
        world.child().dies(1);

        assertTrue(asked.outcome().isDone());
        assertEquals("\"a\"", data(asked, "server"));
        assertEquals("\"connection_lost\"", data(asked, "code"));
        assertEquals("\"backoff\"", data(asked, "phase"));
        assertTrue(asked.text().contains("Server 'a' is not available: The server did not answer: EOF"), asked.text());
    }

    @Test
    void aLostCallDoesNotWaitLongForTheNews() {
        Asked asked = tool("write");
        loseWithItsCopy(begun().get(0));

        asked.outcome().orTimeout(10, TimeUnit.SECONDS).join();
        assertEquals("\"running\"", data(asked, "phase"));
        assertEquals("", data(asked, "retryAfterMs"));
    }

    @Test
    void aCallThatIsCancelledWhenItIsLostStaysWithoutAnAnswer() {
        Asked asked =
                new Asked(Message.request("1", "tools/call", "{\"name\":\"write\"}"), anna, new CompletableFuture<>());
        Call call = router.send(ID, asked);
        ScriptedWorld.FakeChild dying = loseWithItsCopy(begun().get(0));
        call.cancel("no more");
        dying.dies(1);
        assertFalse(asked.outcome().isDone());
    }

    @Test
    void aRepeatableCallThatNoCopyFollowsSaysThePhaseToo() {
        Asked asked = tool("look");
        ScriptedWorld.FakeChild dying = loseWithItsCopy(begun().get(0));
        world.refusal = new LaunchRefused(new Problem(Problem.COMMAND_NOT_FOUND, "no such command: x", ""), false);
        dying.dies(1);
        dying.becomesEmpty();
        world.time.advanceMillis(2_000);

        assertEquals("\"process_exited\"", data(asked, "code"));
        assertEquals("\"fatal\"", data(asked, "phase"));
        assertEquals("", data(asked, "retryAfterMs"));
    }

    @Test
    void whatAServerThatLivesSaysOfAnotherStaysAsItIs() {
        Asked asked = tool("write");
        lose(begun().get(0));
        assertEquals(LOST, JsonText.member(asked.outcome().join().error(), "data"));
    }

    @Test
    void aCallThatWasLostTwiceFails() {
        Asked asked = tool("look");
        ScriptedWorld.FakeChild first = world.child();
        lose(begun().get(0));
        first.dies(1);
        first.becomesEmpty();
        world.time.advanceMillis(2_000);
        world.child().conversation.manner = ScriptedWorld.Manner.HANGS;
        world.child().becomesReady();
        lose(begun().get(0));
        assertTrue(asked.text().contains("it went away"), asked.text());
    }

    @Test
    void anyOtherLostCallIsNeverRepeated() {
        Asked asked = tool("write");
        lose(begun().get(0));
        assertTrue(asked.text().contains("it went away"), asked.text());
    }

    @Test
    void noCallIsRepeatedWhereTheOperatorSaysSo() {
        define(spec -> spec.with(new Quota(0, 0, false)));
        Asked asked = tool("look");
        lose(begun().get(0));
        assertTrue(asked.text().contains("it went away"), asked.text());
    }

    @Test
    void aTaskBelongsToTheClientThatMadeIt() {
        send(anna, "tools/call", "{\"name\":\"x\",\"task\":{}}");
        answer(begun().get(0), "{\"task\":{\"taskId\":\"t1\",\"status\":\"working\"}}");
        for (String method : List.of("tasks/get", "tasks/result", "tasks/cancel")) {
            assertTrue(send(bert, method, "{\"taskId\":\"t1\"}").text().contains("-32602"), method);
        }
        assertEquals(1, begun().size());
        send(anna, "tasks/get", "{\"taskId\":\"t1\"}");
        assertEquals("tasks/get", begun().get(1).request().method());
        Asked list = send(bert, "tasks/list", "{}");
        answer(begun().get(2), "{\"tasks\":[{\"taskId\":\"t1\"}],\"nextCursor\":\"n\"}");
        assertTrue(list.text().contains("{\"tasks\":[],\"nextCursor\":\"n\"}"), list.text());
    }

    @Test
    void newsOfATaskGoToItsClient() {
        router.attach(ID, anna);
        router.attach(ID, bert);
        send(anna, "tools/call", "{\"name\":\"x\",\"task\":{}}");
        answer(begun().get(0), "{\"task\":{\"taskId\":\"t1\",\"status\":\"working\"}}");
        world.child()
                .listener
                .onNotification(Message.notification("notifications/tasks/status", "{\"taskId\":\"t1\"}"));
        assertEquals(1, anna.told().size());
        assertEquals(0, bert.told().size());
    }

    /** They have no session to which a task could belong; ids are the server's business, and the gateway's. */
    @Test
    void tasksOfStatelessClientsPass() {
        SomeClient stateless = new SomeClient(
                new Profile("2026-07-28", "{}", ScriptedWorld.PROFILE.clientInfo(), false), new ArrayList<>());
        for (String method : List.of("tasks/get", "tasks/update", "tasks/cancel", "tasks/result")) {
            Asked asked = send(stateless, method, "{\"taskId\":\"t1\"}");
            answer(begun().get(begun().size() - 1), "{\"from\":\"" + method + "\"}");
            assertTrue(asked.text().contains("\"from\":\"" + method + "\""), asked.text());
        }
    }
}

package org.mcpservermanager.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mcpservermanager.conversation.TestExchange.tool;
import static org.mcpservermanager.conversation.TestExchange.toolWithProgress;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mcpservermanager.fixture.EchoServer;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.transport.StdioLink;

/** The whole way to a process and back. */
@Tag("process")
@Timeout(60)
class RealServerIT {
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final Heard heard = new Heard();
    private final TestClient client = new TestClient();
    private Process process;

    @AfterEach
    void endAll() {
        process.toHandle().destroyForcibly();
        timer.shutdownNow();
    }

    private CompletableFuture<Conversation> opening(Owner whose, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                Path.of(EchoServer.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI())
                        .toString(),
                EchoServer.class.getName()));
        command.addAll(List.of(options));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        ServerId server = new ServerId("echo");
        Terms terms = new Terms(
                server,
                TestClient.ASKABLE,
                whose,
                heard,
                timer,
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60));
        StdioLink link = StdioLink.over(server, process.getInputStream(), process.getOutputStream());
        return LegacyConversation.open(link, terms).toCompletableFuture();
    }

    private Conversation shared(String... options) throws Exception {
        return opening(new Owner.Shared(), options).get(30, TimeUnit.SECONDS);
    }

    private Conversation dedicated() throws Exception {
        return opening(new Owner.Dedicated(client)).get(30, TimeUnit.SECONDS);
    }

    private static String structured(TestExchange call) throws Exception {
        Message outcome = call.outcome();
        return outcome.result().isEmpty() ? outcome.error() : JsonText.member(outcome.result(), "structuredContent");
    }

    @Test
    void givesEachOfFortyClientsWithEqualIdsItsOwnAnswer() throws Exception {
        Conversation conversation = shared("banner");
        assertEquals("echo", conversation.peer().name());
        List<Thread> clients = new ArrayList<>();
        List<List<TestExchange>> calls = new ArrayList<>();
        String[] ids = {"1", "\"1\"", "9007199254740993", "\"\\u00e9\\\"\"", "0"};
        for (int c = 0; c < 40; c++) {
            TestClient own = new TestClient();
            List<TestExchange> mine = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                String payload = "{ \"who\" : \"" + c + "/" + i
                        + "\",\"n\":[1e400,-0,1.0,12345678901234567890], \"t\":\"\\u0041é\\/" + "x".repeat(i * 40)
                        + "\"}";
                mine.add(
                        i % 2 == 0
                                ? tool(own, ids[i % 5], "echo", payload)
                                : toolWithProgress(
                                        own,
                                        ids[i % 5],
                                        ids[i % 5],
                                        "progress",
                                        payload.replace("{ ", "{\"count\":3, ")));
            }
            calls.add(mine);
            clients.add(new Thread(() -> mine.forEach(call -> begin(conversation, call))));
        }
        clients.forEach(Thread::start);
        for (List<TestExchange> mine : calls) {
            for (TestExchange call : mine) {
                assertEquals(call.request().rawParam("arguments"), structured(call));
                assertEquals(call.request().id(), call.outcome().id());
                assertEquals(1, call.completions.get());
                int progress = call.request().progressToken().isEmpty() ? 0 : 3;
                assertEquals(progress, call.toldBeforeOutcome.size());
                for (int i = 0; i < progress; i++) {
                    assertEquals(
                            call.request().progressToken(), call.told.get(i).progressToken());
                    assertEquals(i + 1 + "", call.told.get(i).rawParam("progress"));
                }
            }
        }
        assertEquals(0, conversation.inFlight());
        assertEquals(List.of("echo server is ready", "[info] listening"), heard.noise);
    }

    /** A client's calls come one at a time, so that the queue, which is bounded, is not what is tested. */
    private static void begin(Conversation conversation, TestExchange call) {
        conversation.begin(call);
        call.outcome.orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Test
    void failsEverythingInFlightWhenTheServerIsKilled() throws Exception {
        Conversation conversation = shared();
        List<TestExchange> calls = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            calls.add(tool(client, "1", "hang", "{}"));
            conversation.begin(calls.get(i));
        }
        process.toHandle().destroyForcibly();
        for (TestExchange call : calls) {
            assertEquals("-32010", JsonText.member(call.outcome().error(), "code"));
            assertEquals(
                    "\"echo\"", JsonText.member(JsonText.member(call.outcome().error(), "data"), "server"));
        }
        assertEquals(
                Problem.PROCESS_EXITED, heard.closed.get(10, TimeUnit.SECONDS).code());
        TestExchange late = tool(client, "1", "echo", "{}");
        conversation.begin(late);
        assertEquals("-32010", JsonText.member(late.outcome().error(), "code"));
    }

    @Test
    void failsTheCallOfATornAnswer() throws Exception {
        Conversation conversation = shared();
        TestExchange call = tool(client, "1", "torn", "{}");
        conversation.begin(call);
        assertEquals("-32010", JsonText.member(call.outcome().error(), "code"));
    }

    @Test
    void carriesQuestionsAndTheirAnswers() throws Exception {
        Conversation conversation = dedicated();
        for (String kind : List.of("elicitation", "sampling", "roots")) {
            TestExchange call = tool(client, "\"" + kind + "\"", "ask", "{\"kind\":\"" + kind + "\"}");
            conversation.begin(call);
            assertEquals("{\"answer\":{\"by\":\"call\"}}", structured(call));
            assertEquals(1, call.asked.size());
            assertTrue(call.asked.get(0).id().startsWith("\"q\\u002d"), call.asked.get(0)::id);
        }
        TestExchange outside = tool(client, "1", "ask", "{\"kind\":\"roots\",\"outside\":true}");
        CompletableFuture<Message> asked = new CompletableFuture<>();
        client.answers = question -> {
            asked.complete(question);
            return CompletableFuture.completedFuture(Message.result(question.id(), "{\"roots\":[]}"));
        };
        conversation.begin(outside);
        assertEquals("{}", structured(outside));
        assertEquals(Method.ROOTS_LIST, asked.get(10, TimeUnit.SECONDS).method());
    }

    @Test
    void tellsTheServerWhoAsksAndWhatWasCancelled() throws Exception {
        Conversation conversation = dedicated();
        TestExchange who = tool(client, "1", "whoami", "{}");
        conversation.begin(who);
        assertTrue(structured(who).contains(TestClient.ASKABLE.clientInfo()), structured(who));
        assertTrue(structured(who).contains(TestClient.ASKABLE.capabilities()), structured(who));
        TestExchange hanging = tool(client, "2", "hang", "{}");
        conversation.begin(hanging).cancel("enough");
        TestExchange list = tool(client, "3", "cancelled", "{}");
        conversation.begin(list);
        assertEquals("{\"ids\":[2]}", structured(list));
        assertFalse(hanging.outcome.isDone());
    }

    @Test
    void takesLogsListChangesNoiseAndStrayAnswers() throws Exception {
        Conversation conversation = dedicated();
        TestExchange log = tool(client, "1", "log", "{\"count\":3}");
        conversation.begin(log);
        log.outcome();
        assertEquals(3, log.toldBeforeOutcome.size());
        for (String tool : List.of("changed", "noise", "twice", "stray")) {
            TestExchange call = tool(client, "7", tool, "{\"x\":1}");
            conversation.begin(call);
            assertFalse(structured(call).contains("wrong"), structured(call));
        }
        assertEquals(
                List.of(Method.TOOLS_LIST_CHANGED),
                heard.notifications.stream().map(Message::method).toList());
        assertEquals(List.of("this is ? not a message"), heard.noise);
        assertEquals(4, ((LegacyConversation) conversation).strays());
    }

    @Test
    void carriesLargeMessages() throws Exception {
        Conversation conversation = shared();
        TestExchange call = tool(client, "1", "echo", "{\"text\":\"" + "é\\n".repeat(700_000) + "\"}");
        conversation.begin(call);
        assertEquals(call.request().rawParam("arguments"), structured(call));
        TestExchange tooLarge = tool(client, "2", "huge", "{\"bytes\":17000000}");
        conversation.begin(tooLarge);
        assertTrue(structured(tooLarge).contains("too long"), structured(tooLarge));
        TestExchange after = tool(client, "3", "echo", "{\"a\":1}");
        conversation.begin(after);
        assertEquals("{\"a\":1}", structured(after));
    }

    @Test
    void refusesAServerOfAnUnknownRevision() throws IOException, Exception {
        CompletableFuture<Conversation> opening = opening(new Owner.Shared(), "protocol=2099-01-01");
        ExecutionException e = assertThrows(ExecutionException.class, () -> opening.get(30, TimeUnit.SECONDS));
        Problem problem = ((ProblemException) e.getCause()).problem();
        assertEquals(Problem.HANDSHAKE_FAILED, problem.code());
        assertTrue(
                problem.message().contains("\"2099-01-01\"")
                        && problem.message().contains("\"2025-11-25\""),
                problem.message());
        assertTrue(process.waitFor(10, TimeUnit.SECONDS), "the server should leave when its input ends");
    }
}

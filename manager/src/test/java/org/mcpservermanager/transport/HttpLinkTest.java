package org.mcpservermanager.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;

class HttpLinkTest extends LinkContract {
    private static final ServerId SERVER = new ServerId("http-link-test");
    private static final String INITIALIZED =
            "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"protocolVersion\":\"2025-11-25\"}}";
    private final ExecutorService executor = Executors.newFixedThreadPool(4);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Web web = Web.open(executor, timer);
    private final List<Link> links = new ArrayList<>();
    private OddHttpServer server;

    @BeforeEach
    void startServer() throws Exception {
        server = new OddHttpServer();
    }

    @AfterEach
    void end() {
        links.forEach(Link::close);
        server.close();
        web.close();
        executor.shutdownNow();
        timer.shutdownNow();
    }

    private HttpLink link() {
        HttpLink link = HttpLink.to(SERVER, new Target(server.url("/mcp"), Map.of("X-Key", "s3cret")), web);
        links.add(link);
        link.open(inbox);
        return link;
    }

    /** A link whose server gave it a session; GET is answered as it was told before. */
    private HttpLink linkWithSession() throws Exception {
        OddHttpServer.Manner later = asked -> asked.answer(202, "");
        server.on("POST", asked -> {
            if (asked.body().contains("\"initialize\"")) {
                asked.with("Mcp-Session-Id", "abc").answer(200, INITIALIZED);
            } else {
                later.treat(asked);
            }
        });
        HttpLink link = link();
        link.send(Message.request("0", "initialize", "{}"));
        inbox.await(() -> inbox.messages.size() == 1);
        link.send(Message.notification("notifications/initialized", ""));
        inbox.await(() -> server.of("POST").size() == 2);
        return link;
    }

    @Override
    Link linkToEcho() {
        BlockingQueue<String> echoes = new LinkedBlockingQueue<>();
        server.on("POST", asked -> {
            if (!asked.body().contains("notifications/initialized")) {
                echoes.add(asked.body());
            }
            asked.answer(202, "");
        });
        server.on("GET", asked -> {
            asked.stream().write("retry: 20\n\n");
            while (true) {
                asked.write("data: " + echoes.take() + "\n\n");
            }
        });
        HttpLink link = HttpLink.to(SERVER, new Target(server.url("/mcp"), Map.of()), web);
        return new Link() {
            @Override
            public void open(Receiver receiver) {
                link.open(receiver);
                link.send(Message.notification("notifications/initialized", ""));
            }

            @Override
            public boolean send(Message message) {
                return link.send(message);
            }

            @Override
            public void close() {
                link.close();
            }
        };
    }

    @Override
    void endPeer() throws Exception {
        inbox.await(() -> !server.of("GET").isEmpty());
        server.close();
    }

    @Override
    String lastWords() {
        return "http://127.0.0.1:" + server.url("/").getPort() + ": the connection was refused";
    }

    @Test
    void sendsSessionAndRevisionOnceItKnowsThem() throws Exception {
        HttpLink link = linkWithSession();
        link.send(Message.request("1", "ping", ""));
        inbox.await(() -> server.of("POST").size() == 3);
        OddHttpServer.Asked first = server.of("POST").get(0);
        OddHttpServer.Asked last = server.of("POST").get(2);
        assertEquals("null null", first.header("Mcp-Session-Id") + " " + first.header("MCP-Protocol-Version"));
        assertEquals("abc 2025-11-25", last.header("Mcp-Session-Id") + " " + last.header("MCP-Protocol-Version"));
        assertEquals("application/json, text/event-stream", last.header("Accept"));
        assertEquals("s3cret", last.header("X-Key"));
    }

    @Test
    void endsTheSessionWhenItIsClosed() throws Exception {
        HttpLink link = linkWithSession();
        link.close();
        link.gone().get(10, TimeUnit.SECONDS);
        assertEquals("abc", server.of("DELETE").get(0).header("Mcp-Session-Id"));
    }

    @Test
    void requestsWaitUntilInitializedWasTaken() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        server.on("POST", asked -> {
            if (asked.body().contains("notifications/initialized")) {
                slow.await();
            }
            asked.answer(202, "");
        });
        HttpLink link = link();
        link.send(Message.notification("notifications/initialized", ""));
        link.send(Message.request("1", "ping", ""));
        inbox.await(() -> server.of("POST").size() == 1);
        slow.countDown();
        inbox.await(() -> server.of("POST").size() == 2);
        assertTrue(server.of("POST").get(0).body().contains("initialized"));
    }

    @Test
    void readsAStreamOfSeveralMessagesInOrder() throws Exception {
        server.on("POST", asked -> asked.stream()
                .write(": hello\n\nid: 1\ndata:\n\ndata: {\"jsonrpc\":\"2.0\",\"meth")
                .write("od\":\"one\"}\r\n\r\nevent: message\nda")
                .write("ta: {\"jsonrpc\":\"2.0\",\ndata: \"method\":\"two\"}\n\nevent: other\ndata: no\n\n")
                .write("data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n"));
        link().send(Message.request("1", "tools/call", "{}"));
        inbox.await(() -> inbox.messages.size() == 3);
        assertEquals(
                List.of("one", "two", ""),
                inbox.messages.stream().map(Message::method).toList());
        assertEquals(List.of(), inbox.noise);
    }

    @Test
    void takesUpABrokenStreamAfterTheTimeTheServerAskedFor() throws Exception {
        server.on("POST", asked -> asked.stream().write("id: s1-4\nretry: 30\ndata:\n\n"));
        AtomicInteger times = new AtomicInteger();
        server.on("GET", asked -> asked.stream()
                .write(
                        times.incrementAndGet() < 3
                                ? "id: s1-5\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"m\"}\n\n"
                                : "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n"));
        link().send(Message.request("1", "tools/call", "{}"));
        inbox.await(() -> inbox.messages.stream().anyMatch(Message::isResponse));
        assertEquals(
                List.of("s1-4", "s1-5", "s1-5"),
                server.of("GET").stream().map(a -> a.header("Last-Event-ID")).toList());
        assertEquals(3, inbox.messages.size());
    }

    @Test
    void failsACallWhoseStreamBreaksForGood() throws Exception {
        server.on("POST", asked -> asked.stream().write("data: {\"jsonrpc\":\"2.0\",\"method\":\"m\"}\n\n"));
        link().send(Message.request("1", "tools/call", "{}"));
        inbox.await(() -> inbox.messages.size() == 2);
        assertTrue(inbox.messages.get(1).error().contains("ended its answer without a response"));
        assertTrue(inbox.closed.isEmpty());
    }

    @Test
    void failsACallThatCannotBeTakenUpAgain() throws Exception {
        server.on("POST", asked -> asked.stream().write("id: 1\nretry: 10\ndata:\n\n"));
        link().send(Message.request("1", "tools/call", "{}"));
        inbox.await(() -> inbox.messages.size() == 1);
        assertTrue(inbox.messages.get(0).error().contains("HTTP status 405"), inbox.messages.get(0)::error);
    }

    @Test
    void endsWhenTheServerForgotTheSession() throws Exception {
        HttpLink link = linkWithSession();
        server.on(
                "POST",
                asked -> asked.answer(
                        404,
                        "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32001,\"message\":\"Session not found\"}}"));
        link.send(Message.request("1", "ping", ""));
        inbox.await(() -> !inbox.closed.isEmpty());
        assertEquals(Problem.SESSION_ENDED, link.problem().orElseThrow().code());
        assertFalse(link.send(Message.request("2", "ping", "")));
        assertEquals(List.of(), server.of("DELETE"));
    }

    @Test
    void anUnknownMethodIsNotAForgottenSession() throws Exception {
        HttpLink link = linkWithSession();
        server.on(
                "POST",
                asked -> asked.answer(
                        404, "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,\"message\":\"Unknown\"}}"));
        link.send(Message.request("1", "x/y", ""));
        inbox.await(() -> inbox.messages.size() == 2);
        assertTrue(inbox.messages.get(1).error().contains("-32601"));
        assertTrue(inbox.closed.isEmpty());
    }

    @Test
    void saysWhyInitializeWasRefused() throws Exception {
        server.on("POST", asked -> asked.answer(401, ""));
        HttpLink link = link();
        link.send(Message.request("0", "initialize", "{}"));
        inbox.await(() -> !inbox.closed.isEmpty());
        Problem problem = link.problem().orElseThrow();
        assertEquals(Problem.NOT_AUTHORIZED, problem.code());
        assertFalse(link.mayBeOlder());
        assertFalse((problem + inbox.closed.get(0)).contains("s3cret"));
    }

    @Test
    void followsRedirectsOfTheSameOriginOnly() throws Exception {
        server.on("POST", asked -> {
            if (asked.exchange().getRequestURI().getPath().equals("/mcp")) {
                asked.with("Location", "/mcp/").answer(307, "");
            } else {
                asked.with("Location", "http://localhost.invalid/steal").answer(307, "");
            }
        });
        HttpLink link = link();
        link.send(Message.request("0", "initialize", "{}"));
        inbox.await(() -> !inbox.closed.isEmpty());
        assertTrue(link.problem().orElseThrow().message().endsWith("(redirects to another origin are not followed)"));
        assertEquals(2, server.asked.size());
    }

    @Test
    void answersItsCallerWhenTheServerSendsTooMuch() throws Exception {
        server.on("POST", asked -> {
            asked.stream().write("data: ");
            String much = "x".repeat(1 << 20);
            for (int i = 0; i < 17; i++) {
                asked.write(much);
            }
            asked.write("\n\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"after\"}\n\n");
        });
        link().send(Message.request("1", "tools/call", "{}"));
        inbox.await(() -> inbox.messages.size() == 2);
        assertTrue(inbox.messages.get(0).error().contains("17825798 bytes (expected: at most 16777216)"));
        assertEquals("after", inbox.messages.get(1).method());
    }

    @Test
    void doesNotReadAnEndlessAnswer() throws Exception {
        server.on("POST", asked -> {
            asked.with("Content-Type", "application/json").exchange().sendResponseHeaders(200, 0);
            String much = "x".repeat(1 << 20);
            while (true) {
                asked.write(much);
            }
        });
        link().send(Message.request("1", "tools/call", "{}"));
        inbox.await(() -> inbox.messages.size() == 1);
        assertTrue(inbox.messages.get(0).error().contains("too long"), inbox.messages.get(0)::error);
    }

    @Test
    void aSlowAnswerHoldsUpNobody() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        server.on("POST", asked -> {
            String id = asked.body().replaceAll(".*\"id\":(\\d+).*", "$1");
            if (id.equals("1")) {
                slow.await();
            }
            asked.answer(200, "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{}}");
        });
        HttpLink link = link();
        for (int i = 1; i <= 10; i++) {
            assertTrue(link.send(Message.request(Integer.toString(i), "tools/call", "{}")));
        }
        inbox.await(() -> inbox.messages.size() == 9);
        slow.countDown();
        inbox.await(() -> inbox.messages.size() == 10);
        assertEquals("1", inbox.messages.get(9).id());
    }

    @Test
    void takesOnlySoMuchAtATime() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        server.on("POST", asked -> never.await());
        HttpLink link = link();
        int taken = 0;
        while (link.send(Message.request(Integer.toString(taken), "m", "{\"t\":\"" + "x".repeat(100_000) + "\"}"))) {
            taken++;
        }
        assertTrue(taken > 70 && taken <= Budget.BYTES_MAX / 100_000, "taken: " + taken);
        never.countDown();
    }

    @Test
    void listensAgainAndSaysWhereItWas() throws Exception {
        server.on("GET", asked -> asked.stream()
                .write("retry: 10\nid: e" + server.of("GET").size()
                        + "\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"m\"}\n\n"));
        linkWithSession();
        inbox.await(() -> server.of("GET").size() >= 3);
        assertEquals("null", server.of("GET").get(0).header("Last-Event-ID"));
        assertEquals("e1", server.of("GET").get(1).header("Last-Event-ID"));
        assertEquals("abc", server.of("GET").get(1).header("Mcp-Session-Id"));
    }

    @Test
    void closingFreesTheConnections() throws Exception {
        CountDownLatch broken = new CountDownLatch(1);
        server.on("POST", asked -> {
            asked.stream();
            try {
                while (true) {
                    asked.write(": are you there\n".repeat(1000));
                }
            } finally {
                broken.countDown();
            }
        });
        HttpLink link = link();
        link.send(Message.request("1", "tools/call", "{}"));
        inbox.await(() -> !server.asked.isEmpty());
        link.close();
        assertTrue(broken.await(10, TimeUnit.SECONDS));
        inbox.await(() -> !inbox.closed.isEmpty());
    }
}

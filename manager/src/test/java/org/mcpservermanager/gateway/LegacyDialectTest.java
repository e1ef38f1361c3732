package org.mcpservermanager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mcpservermanager.gateway.Bench.notification;
import static org.mcpservermanager.gateway.Bench.one;
import static org.mcpservermanager.gateway.Bench.request;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.ServerId;

class LegacyDialectTest {
    private static final String PROGRESS =
            notification("notifications/progress", "{\"progressToken\":\"p\",\"progress\":1}");
    private final Bench bench = new Bench();
    private FakeRouter.FakeServer server;

    @BeforeEach
    void oneServer() {
        server = bench.router
                .add("echo")
                .answers("tools/call", "{\"content\":[]}")
                .holds("slow");
    }

    private Bench.Front opened() {
        return bench.opened(one("echo"), "2025-11-25");
    }

    private static Message parse(String text) {
        return Gateway.parse(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void answersInitializeWithTheServersOwnResult() {
        FakeReply reply = bench.initialize(one("echo"), "2025-11-25", "{}");
        assertEquals(200, reply.status());
        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":"
                        + server.capabilities
                        + ",\"serverInfo\":{\"name\":\"echo\",\"version\":\"3\"},\"instructions\":\"ask nicely\",\"x\":[1, 2]}}",
                reply.text());
        assertTrue(reply.header("Mcp-Session-Id").matches("[!-~]{22,}"), reply.header("Mcp-Session-Id"));
    }

    @ParameterizedTest
    @CsvSource({
        "2025-03-26,2025-03-26",
        "2025-06-18,2025-06-18",
        "2025-11-25,2025-11-25",
        "2026-07-28,2025-11-25",
        "1.0,2025-11-25"
    })
    void answersTheClientsRevisionWhenItIsKnown(String requested, String answered) {
        String text = bench.initialize(one("echo"), requested, "{}").text();
        assertTrue(text.contains("\"protocolVersion\":\"" + answered + "\""), text);
    }

    @Test
    void givesEverySessionAnotherId() {
        assertNotEquals(opened().session(), opened().session());
    }

    @Test
    void refusesInitializeWithoutRevision() {
        FakeReply reply = bench.post(one("echo"), request("1", "initialize", "{}"));
        assertTrue(reply.text().contains("-32602"), reply.text());
        assertEquals(0, bench.gateway.sessionCount());
    }

    @Test
    void toldTheServerWhatTheClientDeclared() {
        bench.initialize(one("echo"), "2025-06-18", "{\"roots\":{\"listChanged\":true}}");
        assertEquals(
                "{\"roots\":{\"listChanged\":true}}",
                bench.router.attached.get(0).profile().capabilities());
        assertTrue(bench.router.attached.get(0).profile().interactive());
    }

    @Test
    void answersJsonWhenTheAnswerComesFirst() {
        FakeReply reply = bench.post(opened(), request("\"a\"", "tools/call", "{\"name\":\"x\"}"));
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"result\":{\"content\":[]}}", reply.text());
        assertNull(reply.sink);
    }

    @Test
    void streamsWhenSomethingElseComesFirst() {
        FakeReply reply = bench.post(opened(), request("5", "slow", "{}"));
        Exchange exchange = server.last();
        exchange.tell(parse(PROGRESS));
        exchange.complete(Message.result("5", "{}"));
        assertEquals(List.of("", PROGRESS, "{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{}}"), reply.sink.data());
        assertEquals(
                3, reply.sink.events.stream().map(FakeReply.Seen::id).distinct().count());
        assertFalse(reply.sink.open);
    }

    @Test
    void opensTheStreamOfACallThatTakesAWhileSoThatItCanBeResumed() {
        Bench.Front front = opened();
        FakeReply reply = bench.post(front, request("5", "slow", "{}"));
        bench.timer.advance(Duration.ofMillis(29));
        assertNull(reply.sink);
        bench.timer.advance(Duration.ofMillis(40));
        assertEquals(List.of(""), reply.sink.data());
        String lastSeen = reply.sink.events.get(0).id();
        reply.sink.disconnect();
        server.last().complete(Message.result("5", "{}"));

        FakeReply resumed = bench.send("GET", front.last(lastSeen), "");

        assertEquals(List.of("{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{}}"), resumed.sink.data());
    }

    @Test
    void answersJsonToOlderClientsHoweverLongItTakes() {
        FakeReply reply = bench.post(bench.opened(one("echo"), "2025-06-18"), request("5", "slow", "{}"));
        bench.timer.advance(Duration.ofSeconds(5));
        server.last().complete(Message.result("5", "{}"));
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{}}", reply.text());
    }

    @Test
    void sendsNoEmptyEventToOlderClients() {
        FakeReply reply = bench.post(bench.opened(one("echo"), "2025-06-18"), request("5", "slow", "{}"));
        server.last().tell(parse(PROGRESS));
        assertEquals(List.of(PROGRESS), reply.sink.data());
    }

    @Test
    void streamsTheAnswerToAClientThatTakesOnlyEvents() {
        FakeReply reply = bench.call(opened().accept("text/event-stream"), "tools/call", "{\"name\":\"x\"}");
        assertEquals(2, reply.sink.events.size());
    }

    @Test
    void dropsProgressForAClientThatTakesOnlyJson() {
        FakeReply reply = bench.post(opened().accept("application/json"), request("5", "slow", "{}"));
        server.last().tell(parse(PROGRESS));
        server.last().complete(Message.result("5", "{}"));
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{}}", reply.text());
    }

    @Test
    void asksOnTheStreamOfTheCallAndMatchesTheAnswer() throws Exception {
        Bench.Front front = opened();
        FakeReply reply = bench.post(front, request("5", "slow", "{}"));
        CompletionStage<Message> answer =
                server.last().ask(parse(request("\"theirs\"", "elicitation/create", "{\"message\":\"?\"}")));
        assertEquals(
                request("1", "elicitation/create", "{\"message\":\"?\"}"),
                reply.sink.data().get(1));
        FakeReply taken = bench.post(front, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"action\":\"accept\"}}");
        assertEquals(202, taken.status());
        assertEquals(0, taken.answer.body().length);
        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"id\":\"theirs\",\"result\":{\"action\":\"accept\"}}",
                new String(answer.toCompletableFuture().get().bytes(), java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void ignoresAnswersToNoQuestion() {
        assertEquals(
                202,
                bench.post(opened(), "{\"jsonrpc\":\"2.0\",\"id\":77,\"result\":{}}")
                        .status());
    }

    @Test
    void failsQuestionsThatNobodyAnswers() throws Exception {
        bench.post(opened(), request("5", "slow", "{}"));
        CompletionStage<Message> answer = server.last().ask(parse(request("9", "roots/list", "{}")));
        bench.timer.advance(GatewaySettings.DEFAULT.questions().answer());
        Message failed = answer.toCompletableFuture().get();
        assertEquals(Message.Kind.ERROR, failed.kind());
        assertEquals("9", failed.id());
    }

    @Test
    void failsQuestionsThatCannotTravel() throws Exception {
        opened();
        CompletionStage<Message> answer = bench.router.attached.get(0).ask(parse(request("9", "roots/list", "{}")));
        assertFalse(answer.toCompletableFuture().isDone());
        bench.timer.advance(GatewaySettings.DEFAULT.questions().delivery());
        assertTrue(answer.toCompletableFuture().get().error().contains("no open stream"));
    }

    @Test
    void keepsAQuestionOpenWhenTheCallIsAnsweredFirst() throws Exception {
        Bench.Front front = opened();
        bench.post(front, request("5", "slow", "{}"));
        CompletionStage<Message> answer = server.last().ask(parse(request("9", "roots/list", "{}")));
        server.last().complete(Message.result("5", "{}"));
        bench.post(front, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"roots\":[]}}");
        assertEquals("{\"roots\":[]}", answer.toCompletableFuture().getNow(null).result());
    }

    @Test
    void asksOnTheGetStreamWhenTheCallIsJustOver() {
        Bench.Front front = opened();
        FakeReply standalone = bench.send("GET", front, "");
        bench.post(front, request("5", "slow", "{}"));
        Exchange call = server.last();
        call.complete(Message.result("5", "{}"));
        call.ask(parse(request("9", "roots/list", "{}")));
        assertEquals(List.of(request("1", "roots/list", "{}")), standalone.sink.data());
    }

    @Test
    void endsTheQuestionsOfACancelledCall() {
        Bench.Front front = opened();
        bench.post(front, request("5", "slow", "{}"));
        CompletionStage<Message> answer = server.last().ask(parse(request("9", "roots/list", "{}")));
        bench.post(front, notification("notifications/cancelled", "{\"requestId\":5}"));
        assertTrue(answer.toCompletableFuture().isDone());
    }

    @Test
    void carriesQuestionsOutsideOfCallsOnAnyOpenStream() {
        FakeReply reply = bench.post(opened(), request("5", "slow", "{}"));
        bench.router.attached.get(0).ask(parse(request("9", "roots/list", "{}")));
        assertEquals(request("1", "roots/list", "{}"), reply.sink.data().get(1));
    }

    @Test
    void withdrawsAQuestionUnderTheIdTheClientKnows() {
        FakeReply reply = bench.post(opened(), request("5", "slow", "{}"));
        server.last().ask(parse(request("9", "roots/list", "{}")));
        server.last().tell(parse(notification("notifications/cancelled", "{\"requestId\":9}")));
        assertEquals(
                notification("notifications/cancelled", "{\"requestId\":1}"),
                reply.sink.data().get(2));
    }

    @Test
    void refusesRequestsWithoutSession() {
        FakeReply reply = bench.call(one("echo"), "tools/list", "{}");
        assertEquals(400, reply.status());
        assertTrue(reply.text().contains("Mcp-Session-Id"), reply.text());
    }

    @Test
    void knowsNoForeignSessions() {
        bench.router.add("other");
        String id = opened().session();
        assertEquals(404, bench.call(one("echo").session("guess"), "ping", "{}").status());
        assertEquals(
                404,
                bench.call(one("echo").caller("bert").session(id), "ping", "{}").status());
        assertEquals(404, bench.call(one("other").session(id), "ping", "{}").status());
        assertEquals(200, bench.call(one("echo").session(id), "ping", "{}").status());
    }

    @Test
    void endsTheSessionOnDelete() {
        Bench.Front front = opened();
        FakeReply waiting = bench.post(front, request("5", "slow", "{}"));
        FakeReply stream = bench.send("GET", front, "");
        assertEquals(204, bench.send("DELETE", front, "").status());
        assertEquals(404, bench.call(front, "ping", "{}").status());
        assertEquals(404, bench.send("DELETE", front, "").status());
        assertFalse(stream.sink.open);
        assertTrue(waiting.text().contains("error"), waiting.text());
        assertEquals(bench.router.attached, bench.router.detached);
        assertEquals(1, bench.router.cancelled.size());
    }

    @Test
    void endsTheSessionsOfARemovedServer() {
        Bench.Front front = opened();
        bench.events.publish(new Event.FleetChanged(
                new ServerId("echo"), Event.FleetChanged.Change.REMOVED, java.time.Instant.EPOCH));
        assertEquals(404, bench.call(front, "ping", "{}").status());
    }

    @Test
    void refusesUnknownRevisionsInTheHeader() {
        FakeReply reply = bench.call(opened().version("2024-13-01"), "ping", "{}");
        assertEquals(400, reply.status());
        assertTrue(reply.text().contains("2025-11-25"), reply.text());
        assertEquals(
                200, bench.call(opened().version("2025-06-18"), "ping", "{}").status());
    }

    @Test
    void statelessRequestsAreForTheOtherDialect() {
        String params = "{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}}";

        FakeReply byHeader = bench.post(one("echo").version("2026-07-28"), request("7", "tools/list", "{}"));
        FakeReply byBody = bench.post(one("echo"), request("7", "server/discover", params));

        assertTrue(byHeader.text().contains("\"code\":-32602"), byHeader.text());
        assertTrue(byBody.text().contains("\"code\":-32020"), byBody.text());
    }

    @Test
    void refusesOtherMediaTypes() {
        assertEquals(
                415,
                bench.post(opened().type("text/plain"), request("1", "ping", "{}"))
                        .status());
        assertEquals(
                200,
                bench.post(opened().type("application/json; charset=utf-8"), request("1", "ping", "{}"))
                        .status());
        assertEquals(
                406,
                bench.post(opened().accept("text/html"), request("1", "ping", "{}"))
                        .status());
        assertEquals(
                406, bench.send("GET", opened().accept("application/json"), "").status());
    }

    @Test
    void refusesWhatIsNoMessage() {
        for (String body : List.of("", "{", "7", "{\"jsonrpc\":\"2.0\"}", "{}{}", "\u0000")) {
            FakeReply reply = bench.post(opened(), body);
            assertEquals(400, reply.status(), body);
            assertTrue(reply.text().contains("\"error\""), reply.text());
        }
        assertEquals(405, bench.send("PUT", opened(), "").status());
    }

    @Test
    void takesBatchesOnlyInTheRevisionThatHasThem() {
        String batch = "[" + request("1", "ping", "{}") + "," + notification("notifications/initialized", "{}") + ","
                + request("\"b\"", "tools/call", "{\"name\":\"x\"}") + "]";
        assertEquals(400, bench.post(opened(), batch).status());
        Bench.Front old = bench.opened(one("echo"), "2025-03-26");
        assertEquals(
                "[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}},{\"jsonrpc\":\"2.0\",\"id\":\"b\",\"result\":{\"content\":[]}}]",
                bench.post(old, batch).text());
        assertEquals(202, bench.post(old, "[" + notification("x", "{}") + "]").status());
        for (String bad : List.of("[]", "[1]", "[}", "[{}", "[] []")) {
            assertEquals(400, bench.post(old, bad).status(), bad);
        }
    }

    @Test
    void streamsABatchAsSoonAsSomethingElseComesFirst() {
        Bench.Front old = bench.opened(one("echo"), "2025-03-26");
        FakeReply reply = bench.post(old, "[" + request("1", "ping", "{}") + "," + request("2", "slow", "{}") + "]");
        server.last().tell(parse(PROGRESS));
        server.last().complete(Message.result("2", "{}"));
        assertEquals(
                List.of(
                        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}]",
                        PROGRESS,
                        "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}"),
                reply.sink.data());
    }

    @Test
    void cancelsByNotificationOnly() {
        Bench.Front front = opened();
        FakeReply reply = bench.post(front, request("\"s\"", "slow", "{}"));
        server.last().tell(parse(PROGRESS));
        reply.sink.disconnect();
        assertEquals(List.of(), bench.router.cancelled);
        bench.post(front, notification("notifications/cancelled", "{\"requestId\":\"other\"}"));
        assertEquals(List.of(), bench.router.cancelled);
        bench.post(front, notification("notifications/cancelled", "{\"requestId\":\"s\",\"reason\":\"bored\"}"));
        bench.post(front, notification("notifications/cancelled", "{\"requestId\":\"s\"}"));
        assertEquals(List.of("bored"), bench.router.cancelled);
    }

    @Test
    void refusesAnIdInUse() {
        Bench.Front front = opened();
        bench.post(front, request("1", "slow", "{}"));
        assertTrue(bench.post(front, request("1", "ping", "{}")).text().contains("in use"));
    }

    @Test
    void forwardsUnknownMethodsAndNotifications() {
        Bench.Front front = opened();
        bench.call(front, "vendor/odd", "{}");
        bench.post(front, notification("notifications/roots/list_changed", "{}"));
        assertEquals(1, server.received("vendor/odd").size());
        assertEquals(List.of("echo notifications/roots/list_changed"), bench.router.told);
    }

    @Test
    void keepsWhatBelongsToNoCallForTheGetStream() {
        Bench.Front front = opened();
        bench.router.attached.get(0).tell(parse(notification("notifications/tools/list_changed", "{}")));
        FakeReply stream = bench.send("GET", front, "");
        bench.router.attached.get(0).tell(parse(notification("notifications/message", "{}")));
        assertEquals(
                List.of(
                        notification("notifications/tools/list_changed", "{}"),
                        notification("notifications/message", "{}")),
                stream.sink.data());
    }

    @Test
    void replacesTheGetStreamByANewerOne() {
        Bench.Front front = opened();
        FakeReply first = bench.send("GET", front, "");
        FakeReply second = bench.send("GET", front, "");
        bench.router.attached.get(0).tell(parse(PROGRESS));
        assertFalse(first.sink.open);
        assertEquals(List.of(PROGRESS), second.sink.data());
        assertEquals(List.of(), first.sink.data());
    }

    @Test
    void resumesABrokenStreamWhereItBroke() {
        Bench.Front front = opened();
        FakeReply broken = bench.post(front, request("5", "slow", "{}"));
        server.last().tell(parse(PROGRESS));
        String lastSeen = broken.sink.events.get(0).id();
        broken.sink.disconnect();
        bench.send("GET", front, "");
        server.last().complete(Message.result("5", "{}"));
        FakeReply resumed = bench.send("GET", front.last(lastSeen), "");
        assertEquals(List.of(PROGRESS, "{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{}}"), resumed.sink.data());
        assertFalse(resumed.sink.open);
        assertEquals(400, bench.send("GET", front.last("99-1"), "").status());
        assertEquals(400, bench.send("GET", front.last("zebra"), "").status());
    }

    @Test
    void opensNoStreamWhenNothingIsLeftToResume() {
        Bench.Front front = opened();
        FakeReply failed = bench.post(front, request("5", "slow", "{}"));
        server.last().tell(parse(PROGRESS));
        server.last().complete(Message.error("5", RpcError.of(-1, "no")));
        FakeReply standalone = bench.send("GET", front, "");
        String lastSeen = failed.sink.events.get(failed.sink.events.size() - 1).id();
        assertEquals(405, bench.send("GET", front.last(lastSeen), "").status());
        assertTrue(standalone.sink.open);
    }

    @Test
    void saysWhichServerDoesNotExist() {
        FakeReply reply = bench.initialize(one("nobody"), "2025-11-25", "{}");
        assertEquals(404, reply.status());
        assertTrue(
                reply.text().startsWith("{\"error\":{\"code\":\"server_not_found\",\"message\":\"No server"),
                reply.text());
        assertTrue(reply.text().contains("\"remedy\":\"List"), reply.text());
    }

    @Test
    void saysWhenTheServerIsDown() {
        Bench.Front front = opened();
        bench.router.servers.clear();
        FakeReply reply = bench.call(front, "tools/call", "{\"name\":\"x\"}");
        assertEquals(200, reply.status());
        assertTrue(reply.text().contains("is stopped"), reply.text());
    }

    @Test
    void hidesOurOwnDefectsBehindAReference() {
        server.handlers.put("tools/call", exchange -> {
            throw new IllegalStateException("secret detail");
        });
        String text = bench.call(opened(), "tools/call", "{}").text();
        assertTrue(text.contains("Internal error, reference "), text);
        assertFalse(text.contains("secret"), text);
    }

    @Test
    void endsIdleSessionsButNoBusyOnes() {
        GatewaySettings d = GatewaySettings.DEFAULT;
        GatewaySettings.Sessions brief = new GatewaySettings.Sessions(10, Duration.ofNanos(1), 256, 8, 1024);
        Bench quick =
                new Bench(new GatewaySettings(d.body(), d.waits(), brief, d.questions(), d.catalogue(), d.streams()));
        quick.router.add("echo").holds("slow");
        Bench.Front idle = quick.opened(one("echo"), "2025-11-25");
        Bench.Front calling = quick.opened(one("echo"), "2025-11-25");
        Bench.Front listening = quick.opened(one("echo"), "2025-11-25");
        quick.call(calling, "slow", "{}");
        quick.send("GET", listening, "");
        quick.timer.advance(Duration.ofSeconds(1));
        assertEquals(404, quick.call(idle, "ping", "{}").status());
        assertEquals(2, quick.gateway.sessionCount());
    }

    @Test
    void boundsTheNumberOfSessions() {
        GatewaySettings d = GatewaySettings.DEFAULT;
        GatewaySettings.Sessions few = new GatewaySettings.Sessions(2, Duration.ofHours(1), 256, 8, 1024);
        Bench small =
                new Bench(new GatewaySettings(d.body(), d.waits(), few, d.questions(), d.catalogue(), d.streams()));
        small.router.add("echo").holds("slow");
        Bench.Front idle = small.opened(one("echo"), "2025-11-25");
        small.call(small.opened(one("echo"), "2025-11-25"), "slow", "{}");
        assertEquals(
                429,
                small.initialize(one("echo").caller("bert"), "2025-11-25", "{}").status());
        small.call(small.opened(one("echo"), "2025-11-25"), "slow", "{}");
        assertEquals(404, small.call(idle, "ping", "{}").status());
        assertEquals(429, small.initialize(one("echo"), "2025-11-25", "{}").status());
    }

    @Test
    void boundsTheCallsOfASession() {
        GatewaySettings d = GatewaySettings.DEFAULT;
        GatewaySettings.Sessions few = new GatewaySettings.Sessions(2, Duration.ofHours(1), 1, 8, 1024);
        Bench small =
                new Bench(new GatewaySettings(d.body(), d.waits(), few, d.questions(), d.catalogue(), d.streams()));
        small.router.add("echo").holds("slow");
        Bench.Front front = small.opened(one("echo"), "2025-11-25");
        small.call(front, "slow", "{}");
        assertTrue(small.call(front, "slow", "{}").text().contains("Too many requests"));
    }

    @Test
    void forgetsTheOldestEventsBeyondTheBound() {
        EventLog log = new EventLog(3, 1 << 20);
        EventLog.Channel channel = log.standalone();
        for (int i = 1; i <= 5; i++) {
            channel.send(Integer.toString(i).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        FakeReply.FakeSink sink = new FakeReply.FakeSink();
        channel.connect(sink);
        assertEquals(List.of("3", "4", "5"), sink.data());
    }
}

package org.mcpservermanager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.ServerId;

class SseDialectTest {
    private static final String INITIALIZE = Bench.request(
            "0",
            "initialize",
            "{\"protocolVersion\":\"2024-11-05\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}");
    private final MemoryBook book = new MemoryBook();
    private Bench bench = manager();
    private FakeReply stream = connect("");

    private Bench manager() {
        Bench made = new Bench(GatewaySettings.DEFAULT, book);
        made.router.add("echo").answers("tools/call", "{\"content\":[]}").holds("slow");
        return made;
    }

    private static Incoming incoming(String method, String caller, String session, String last, String body) {
        Incoming.Headers headers = new Incoming.Headers("application/json", "text/event-stream", session, "", last);
        return new Incoming(
                method,
                Optional.of(new ServerId("echo")),
                caller,
                Front.SSE,
                headers,
                body.getBytes(StandardCharsets.UTF_8));
    }

    private FakeReply connect(String last) {
        FakeReply reply = new FakeReply();
        bench.gateway.events(incoming("GET", "anna", "", last, ""), "/servers/echo/messages", reply);
        return reply;
    }

    private String id() {
        return stream.sink.announced.get(0).replaceAll(".*sessionId=", "");
    }

    private FakeReply post(String caller, String body) {
        FakeReply reply = new FakeReply();
        bench.gateway.message(incoming("POST", caller, id(), "", body), reply);
        return reply;
    }

    private FakeReply post(String body) {
        return post("anna", body);
    }

    private FakeRouter.FakeServer server() {
        return bench.router.servers.get("echo");
    }

    @Test
    void tellsFirstWhereToPost() {
        assertEquals(List.of("endpoint " + id() + ". /servers/echo/messages?sessionId=" + id()), stream.sink.announced);
        assertTrue(id().length() >= 32, id());
    }

    @Test
    void answersOnTheStream() {
        assertEquals(202, post(INITIALIZE).status());
        post(Bench.notification("notifications/initialized", "{}"));
        post(Bench.request("\"x\"", "tools/call", "{\"name\":\"t\"}"));

        assertEquals(2, stream.sink.events.size());
        assertTrue(stream.sink.data().get(0).contains("\"protocolVersion\":\"2024-11-05\""));
        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"result\":{\"content\":[]}}",
                stream.sink.data().get(1));
    }

    @Test
    void staysOpenAfterAnAnswer() {
        post(INITIALIZE);
        post(Bench.request("1", "tools/call", "{\"name\":\"t\"}"));
        post(Bench.request("2", "slow", "{}"));
        Exchange slow = server().last();
        slow.tell(Message.notification("notifications/message", "{\"level\":\"info\",\"data\":1}"));
        slow.complete(Message.result("2", "{}"));

        assertTrue(stream.sink.open);
        assertEquals(4, stream.sink.events.size());
    }

    @Test
    void refusesWhatComesBeforeInitialize() {
        assertEquals(202, post(Bench.request("1", "tools/list", "{}")).status());
        post(Bench.request("2", "ping", "{}"));

        assertTrue(
                stream.sink.data().get(0).contains("initialize"),
                stream.sink.data().toString());
        assertTrue(
                stream.sink.data().get(1).contains("\"result\":{}"),
                stream.sink.data().toString());
        assertEquals(List.of(), server().received);
    }

    @Test
    void mayInitializeAgainAfterARefusalOnly() {
        post(Bench.request("0", "initialize", "{}"));
        post(INITIALIZE);
        post(INITIALIZE);

        assertTrue(stream.sink.data().get(0).contains("-32602"));
        assertTrue(stream.sink.data().get(1).contains("protocolVersion"));
        assertTrue(stream.sink.data().get(2).contains("-32600"));
    }

    @Test
    void belongsToItsCaller() {
        assertEquals(404, post("bert", INITIALIZE).status());
        post(INITIALIZE);
        assertEquals(404, post("bert", Bench.request("1", "ping", "{}")).status());
        FakeReply http = bench.post(Bench.one("echo").session(id()), Bench.request("1", "ping", "{}"));
        assertEquals(404, http.status(), "its id opens nothing at the other endpoint");
    }

    @Test
    void isEndedWhenNobodyInitializes() {
        bench.timer.advance(Duration.ofMinutes(2));

        assertFalse(stream.sink.open);
        assertEquals(404, post(INITIALIZE).status());
    }

    @Test
    void staysOpenOnceInitialized() {
        post(INITIALIZE);
        bench.timer.advance(Duration.ofMinutes(2));

        assertTrue(stream.sink.open);
    }

    @Test
    void endsTheSessionWhenItsClientStaysAway() {
        post(INITIALIZE);
        stream.sink.disconnect();
        assertEquals(1, bench.gateway.sessionCount());

        bench.timer.advance(Duration.ofMinutes(1));

        assertEquals(0, bench.gateway.sessionCount());
        assertEquals(1, bench.router.detached.size());
        assertEquals(0, book.rows.size());
    }

    @Test
    void goesOnWhereAStreamBroke() {
        post(INITIALIZE);
        String first = stream.sink.events.get(0).id();
        post(Bench.request("1", "slow", "{}"));
        Exchange slow = server().last();
        stream.sink.disconnect();
        slow.complete(Message.result("1", "{}"));
        String id = id();

        stream = connect(first);
        bench.timer.advance(Duration.ofMinutes(1));

        assertEquals(id, id());
        assertEquals(List.of("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}"), stream.sink.data());
        assertEquals(1, bench.gateway.sessionCount());
    }

    @Test
    void goesOnInTheNextManager() {
        post(INITIALIZE);
        String last = stream.sink.events.get(0).id();
        bench = manager();

        stream = connect(last);
        post(Bench.request("1", "tools/call", "{\"name\":\"t\"}"));

        assertEquals(1, stream.sink.events.size());
        assertTrue(stream.sink.data().get(0).contains("\"result\""));
    }

    @Test
    void refusesMoreStreamsThanThereMayBe() {
        GatewaySettings all = GatewaySettings.DEFAULT;
        bench = new Bench(new GatewaySettings(
                all.body(),
                all.waits(),
                new GatewaySettings.Sessions(1, Duration.ofHours(1), 1, 1, 1),
                all.questions(),
                all.catalogue(),
                all.streams()));
        FakeReply first = connect("");
        assertEquals(429, connect("").status());
        first.sink.disconnect();
        assertTrue(connect("").sink.open);
    }

    @Test
    void doesNotGoOnWithWhatIsOver() {
        assertEquals(404, connect("nobody.0-1").status());
    }
}

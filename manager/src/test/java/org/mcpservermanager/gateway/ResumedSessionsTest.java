package org.mcpservermanager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mcpservermanager.gateway.Bench.all;
import static org.mcpservermanager.gateway.Bench.one;
import static org.mcpservermanager.gateway.Bench.request;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.ServerId;

/** A client's session in the manager after the one that it initialized with. */
class ResumedSessionsTest {
    private final MemoryBook book = new MemoryBook();

    private Bench manager() {
        return manager(GatewaySettings.DEFAULT);
    }

    private Bench manager(GatewaySettings settings) {
        Bench bench = new Bench(settings, book);
        bench.router
                .add("echo")
                .answers("tools/call", "{\"content\":[]}")
                .answers("logging/setLevel", "{}")
                .answers("resources/subscribe", "{}")
                .answers("resources/unsubscribe", "{}");
        return bench;
    }

    private static Client clientOf(Bench bench) {
        return bench.router.servers.get("echo").last().client();
    }

    @Test
    void goesOnAsIfNothingHadHappened() {
        Bench.Front front = manager().opened(one("echo"), "2025-06-18");
        Bench next = manager();

        FakeReply reply = next.call(front, "tools/call", "{\"name\":\"x\"}");

        assertEquals(200, reply.status(), reply.text());
        assertTrue(reply.text().contains("\"result\""), reply.text());
        assertEquals("2025-06-18", clientOf(next).profile().protocolVersion());
        assertEquals("{\"elicitation\":{}}", clientOf(next).profile().capabilities());
        assertEquals(
                "{\"name\":\"t\",\"version\":\"1\"}", clientOf(next).profile().clientInfo());
        assertTrue(clientOf(next).profile().interactive());
        assertEquals(List.of("echo  []"), next.router.resumed);
    }

    @Test
    void isResumedOnce() {
        Bench.Front front = manager().opened(one("echo"), "2025-11-25");
        Bench next = manager();

        next.call(front, "tools/call", "{\"name\":\"x\"}");
        Client first = clientOf(next);
        next.call(front, "tools/call", "{\"name\":\"x\"}");

        assertEquals(first, clientOf(next));
        assertEquals(1, next.gateway.sessionCount());
        assertEquals(1, next.router.resumed.size());
    }

    @Test
    void remembersLevelAndSubscriptions() {
        Bench before = manager();
        Bench.Front front = before.opened(one("echo"), "2025-11-25");
        before.call(front, "logging/setLevel", "{\"level\":\"debug\"}");
        before.call(front, "resources/subscribe", "{\"uri\":\"a:1\"}");
        before.call(front, "resources/subscribe", "{\"uri\":\"a:2\"}");
        before.call(front, "resources/unsubscribe", "{\"uri\":\"a:1\"}");
        Bench next = manager();

        next.call(front, "ping", "{}");

        assertEquals(List.of("echo debug [a:2]"), next.router.resumed);
    }

    @Test
    void doesNotRememberWhatTheServerRefused() {
        Bench before = manager();
        before.router.servers.get("echo").handlers.remove("resources/subscribe");
        Bench.Front front = before.opened(one("echo"), "2025-11-25");
        before.call(front, "resources/subscribe", "{\"uri\":\"a:1\"}");
        Bench next = manager();

        next.call(front, "ping", "{}");

        assertEquals(List.of("echo  []"), next.router.resumed);
    }

    @Test
    void ofTheAggregateRemembersWhoseResourcesAreWatched() {
        Bench before = manager();
        before.router
                .servers
                .get("echo")
                .answers("resources/list", "{\"resources\":[{\"uri\":\"a:1\",\"name\":\"a\"}]}");
        before.becomes("echo", Phase.RUNNING);
        before.timer.advance(Duration.ofSeconds(5));
        Bench.Front front = before.opened(all(), "2025-11-25");
        before.call(front, "logging/setLevel", "{\"level\":\"warning\"}");
        before.call(front, "resources/subscribe", "{\"uri\":\"a:1\"}");
        Bench next = manager();

        FakeReply stream = next.send("GET", front, "");

        assertEquals(List.of("echo warning [a:1]"), next.router.resumed);
        assertEquals(
                List.of("tools", "prompts", "resources"),
                stream.sink.data().stream()
                        .map(text -> text.replaceAll(".*notifications/(.*)/list_changed.*", "$1"))
                        .toList());
    }

    @Test
    void tellsAClientWhoseCallWasUnderWay() {
        Bench before = manager();
        before.router.servers.get("echo").holds("slow");
        Bench.Front front = before.opened(one("echo"), "2025-11-25");
        FakeReply broken = before.post(front, request("\"five\"", "slow", "{}"));
        before.timer.advance(Duration.ofSeconds(1));
        String lastSeen = broken.sink.events.get(0).id();
        Bench next = manager();

        FakeReply resumed = next.send("GET", front.last(lastSeen), "");

        assertEquals(1, resumed.sink.data().size());
        String told = resumed.sink.data().get(0);
        assertTrue(told.contains("\"id\":\"five\"") && told.contains("was started anew"), told);
        assertFalse(resumed.sink.open);
    }

    @Test
    void belongsToItsOwnerAndEndpoint() {
        Bench.Front front = manager().opened(one("echo"), "2025-11-25");
        Bench next = manager();
        next.router.add("other");

        assertEquals(404, next.call(front.caller("bert"), "ping", "{}").status());
        assertEquals(
                404, next.call(all().session(front.session()), "ping", "{}").status());
        assertEquals(
                404,
                next.call(one("other").session(front.session()), "ping", "{}").status());
        assertEquals(200, next.call(front, "ping", "{}").status());
    }

    @Test
    void isNotFoundWhenItsServerIsGone() {
        Bench.Front front = manager().opened(one("echo"), "2025-11-25");
        Bench next = new Bench(GatewaySettings.DEFAULT, book);

        assertEquals(404, next.call(front, "ping", "{}").status());
        assertEquals(0, book.rows.size());
    }

    @Test
    void isNotFoundWhenItsServerWasRemovedBeforeItsFirstUse() {
        Bench.Front front = manager().opened(one("echo"), "2025-11-25");
        Bench next = manager();

        next.events.publish(
                new Event.FleetChanged(new ServerId("echo"), Event.FleetChanged.Change.REMOVED, Instant.EPOCH));

        assertEquals(404, next.call(front, "ping", "{}").status());
        assertEquals(0, book.rows.size());
    }

    @Test
    void isNotFoundOnceItWasDeletedOrIdle() {
        GatewaySettings hasty = idle(Duration.ofNanos(1));
        Bench before = manager();
        Bench.Front deleted = before.opened(one("echo"), "2025-11-25");
        before.send("DELETE", deleted, "");
        Bench.Front kept = before.opened(one("echo"), "2025-11-25");
        Bench next = manager(hasty);
        assertEquals(404, next.call(deleted, "ping", "{}").status());

        next.timer.advance(Duration.ofMinutes(2));

        assertEquals(404, next.call(kept, "ping", "{}").status());
        assertEquals(0, book.rows.size());
    }

    private static GatewaySettings idle(Duration idle) {
        GatewaySettings all = GatewaySettings.DEFAULT;
        GatewaySettings.Sessions sessions = new GatewaySettings.Sessions(10, idle, 10, 10, 1000);
        return new GatewaySettings(all.body(), all.waits(), sessions, all.questions(), all.catalogue(), all.streams());
    }

    @Test
    void isKeptWhenTheManagerEndsInOrder() {
        Bench before = manager();
        Bench.Front front = before.opened(one("echo"), "2025-11-25");
        before.gateway.close();
        Bench next = manager();

        assertEquals(200, next.call(front, "ping", "{}").status());
    }

    @Test
    void isKeptUnderADigestAlone() {
        Bench.Front front = manager().opened(one("echo"), "2025-11-25");

        assertEquals(1, book.rows.size());
        assertFalse(book.rows.toString().contains(front.session()), book.rows.toString());
    }

    @Test
    void isNotKeptWhenItsClientSaysTooMuchOfItself() {
        String capabilities = "{\"x\":\"" + "y".repeat(SessionState.LENGTH_MAX) + "\"}";

        assertEquals(
                200,
                manager().initialize(one("echo"), "2025-11-25", capabilities).status());

        assertEquals(0, book.rows.size());
    }

    @Test
    void ofAnUnreadableRowIsForgotten() {
        book.keep(new KeptSession(SessionState.key("s"), "{\"owner\":1}", Instant.EPOCH));
        Bench next = manager();

        assertEquals(404, next.call(one("echo").session("s"), "ping", "{}").status());
        assertEquals(0, book.rows.size());
    }

    @Test
    void carriesOnItsStreamWithoutClaimingWhatWasLost() {
        Bench before = manager();
        Bench.Front front = before.opened(one("echo"), "2025-11-25");
        before.router.attached.get(0).tell(Message.notification("notifications/tools/list_changed", ""));
        String last = before.send("GET", front, "").sink.events.get(0).id();
        Bench next = manager();

        FakeReply stream = next.send("GET", front.last(last), "");
        next.call(front, "tools/call", "{\"name\":\"x\"}");
        clientOf(next).tell(Message.notification("notifications/prompts/list_changed", ""));

        assertEquals(1, stream.sink.events.size());
        assertTrue(
                stream.sink.data().get(0).contains("prompts"),
                stream.sink.data().toString());
        assertFalse(last.equals(stream.sink.events.get(0).id()), last);
        stream.sink.disconnect();
        FakeReply again = next.send("GET", front.last(stream.sink.events.get(0).id()), "");
        assertEquals(List.of(), again.sink.events);
    }

    @Test
    void saysThatStreamsOfCallsAreOver() {
        Bench before = manager();
        before.router.servers.get("echo").holds("slow");
        Bench.Front front = before.opened(one("echo"), "2025-11-25");
        FakeReply call = before.call(front, "slow", "{}");
        Exchange exchange = before.router.servers.get("echo").last();
        exchange.tell(Message.notification("notifications/message", "{\"level\":\"info\",\"data\":1}"));
        String last = call.sink.events.get(1).id();
        Bench next = manager();

        String nobodys = last.substring(0, last.indexOf('~'));
        assertEquals(405, next.send("GET", front.last(nobodys), "").status());
        assertEquals(400, next.send("GET", front.last("nonsense"), "").status());
    }
}

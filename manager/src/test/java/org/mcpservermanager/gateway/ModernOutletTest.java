package org.mcpservermanager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.gateway.modern.RequestMeta;
import org.mcpservermanager.protocol.Message;

class ModernOutletTest {
    private static final String META = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientCapabilities\":{}}";
    private static final Message REQUEST = Message.request("1", "tools/call", "{\"name\":\"t\"," + META + "}");
    private final List<String> seen = new ArrayList<>();
    private Runnable whileSending = () -> {};
    private ModernOutlet outlet;

    /** A connection that finds out within a write that its client is gone. */
    private final class Connection implements Sink {
        private final List<Runnable> listeners = new ArrayList<>();

        @Override
        public boolean isBehind() {
            return false;
        }

        @Override
        public boolean send(String id, byte[] message) {
            assertFalse(Thread.holdsLock(outlet), "written under the monitor");
            seen.add(new String(message, StandardCharsets.UTF_8));
            Runnable meanwhile = whileSending;
            whileSending = () -> {};
            meanwhile.run();
            return true;
        }

        @Override
        public void announce(String event, String id, String data) {}

        @Override
        public void end() {
            assertFalse(Thread.holdsLock(outlet), "ended under the monitor");
            leave();
        }

        @Override
        public void open() {
            assertFalse(Thread.holdsLock(outlet), "opened under the monitor");
        }

        @Override
        public void onClose(Runnable listener) {
            listeners.add(listener);
        }

        private void leave() {
            List.copyOf(listeners).forEach(Runnable::run);
        }
    }

    private final Connection connection = new Connection();

    private ModernOutlet opened() {
        Incoming incoming = new Incoming(
                "POST",
                Optional.empty(),
                Scope.ALL,
                "anna",
                Front.HTTP,
                new Incoming.Headers(
                        "application/json",
                        Bench.BOTH,
                        "",
                        "2026-07-28",
                        "",
                        Bench.Repeated.of("tools/call", "t").mcp()),
                REQUEST.bytes());
        outlet = new ModernOutlet(
                incoming, REQUEST, RequestMeta.of(REQUEST, incoming.headers().ofRequest()), new Reply() {
                    @Override
                    public void answer(Answer answer) {
                        throw new AssertionError("there is a stream");
                    }

                    @Override
                    public Sink stream(Map<String, String> headers) {
                        assertFalse(Thread.holdsLock(outlet), "opened under the monitor");
                        return connection;
                    }
                });
        return outlet;
    }

    private static Message news(int number) {
        return Message.notification("notifications/tools/list_changed", "{\"n\":" + number + "}");
    }

    @Test
    void listenersAreToldWithoutTheMonitor() {
        List<Boolean> held = new ArrayList<>();
        opened().onGone(() -> held.add(Thread.holdsLock(outlet)));
        outlet.push(news(1));
        whileSending = connection::leave;

        outlet.push(news(2));

        assertEquals(List.of(false), held);
        assertTrue(outlet.isOver());
    }

    @Test
    void whatIsSaidWithinAWriteComesAfterIt() {
        opened();
        whileSending = () -> {
            outlet.push(news(2));
            outlet.end(Message.result("1", "{}"));
            seen.add("written");
        };

        outlet.push(news(1));

        assertEquals(
                List.of(
                        new String(news(1).bytes(), StandardCharsets.UTF_8),
                        "written",
                        new String(news(2).bytes(), StandardCharsets.UTF_8),
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}"),
                seen);
    }

    @Test
    void aClientThatTakesNothingCountsAsGone() {
        List<String> told = new ArrayList<>();
        opened().onGone(() -> told.add("gone"));
        whileSending = () -> IntStream.range(0, 2_000).forEach(number -> outlet.push(news(number)));

        outlet.push(news(0));

        assertEquals(List.of("gone"), told);
        assertTrue(seen.size() <= 1_025, seen.size() + " sent");
    }
}

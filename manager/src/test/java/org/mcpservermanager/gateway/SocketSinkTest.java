package org.mcpservermanager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.websocket.CloseReason;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.stream.EventStreams;

class SocketSinkTest {
    private final List<String> sent = new ArrayList<>();
    private final Queue<SendHandler> underWay = new ArrayDeque<>();
    private final List<Integer> closed = new ArrayList<>();
    private final AtomicInteger pings = new AtomicInteger();
    private final AtomicInteger over = new AtomicInteger();
    private boolean atOnce;
    private final SocketSink sink = new SocketSink(
            fake(Session.class, this::socket),
            new EventStreams.Settings(Duration.ofSeconds(15), 2, 100),
            Runnable::run);

    private Object socket(Object proxy, java.lang.reflect.Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "getAsyncRemote" -> fake(RemoteEndpoint.Async.class, this::remote);
            case "close" -> {
                closed.add(((CloseReason) arguments[0]).getCloseCode().getCode());
                yield null;
            }
            default -> throw new AssertionError(method);
        };
    }

    private Object remote(Object proxy, java.lang.reflect.Method method, Object[] arguments) {
        switch (method.getName()) {
            case "sendText" -> {
                sent.add((String) arguments[0]);
                SendHandler handler = (SendHandler) arguments[1];
                if (atOnce) {
                    handler.onResult(new SendResult());
                } else {
                    underWay.add(handler);
                }
            }
            case "sendPing" -> pings.incrementAndGet();
            default -> throw new AssertionError(method);
        }
        return null;
    }

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private boolean send(String text) {
        return sink.send("", text.getBytes(StandardCharsets.UTF_8));
    }

    private void arrived() {
        underWay.remove().onResult(new SendResult());
    }

    @Test
    void sendsOneAtATimeAndInOrder() {
        List.of("a", "b", "c").forEach(this::send);
        assertEquals(List.of("a"), sent);
        arrived();
        assertEquals(List.of("a", "b"), sent);
        arrived();
        assertEquals(List.of("a", "b", "c"), sent);
    }

    @Test
    void sendsManyThatArriveAtOnceWithoutGoingDeep() {
        atOnce = true;
        for (int i = 0; i < 50_000; i++) {
            send("x");
        }
        assertEquals(50_000, sent.size());
    }

    @Test
    void closesASocketThatReadsTooFewMessages() {
        sink.onClose(over::incrementAndGet);
        List.of("under way", "1", "2").forEach(text -> assertTrue(send(text)));

        assertFalse(send("3"));

        assertEquals(List.of(1008), closed);
        assertEquals(1, over.get());
        assertFalse(send("4"));
    }

    @Test
    void closesASocketThatReadsTooFewBytes() {
        send("under way");
        assertTrue(send("x".repeat(1000)), "one large message is taken");
        assertFalse(send("x"));
        assertEquals(List.of(1008), closed);
    }

    @Test
    void endsWhenAllIsSent() {
        send("a");
        send("b");
        sink.end();
        assertFalse(send("c"));
        arrived();
        assertEquals(List.of(), closed);
        arrived();
        assertEquals(List.of("a", "b"), sent);
        assertEquals(List.of(1000), closed);
    }

    @Test
    void isLostWhenNothingArrives() {
        sink.onClose(over::incrementAndGet);
        send("a");
        underWay.remove().onResult(new SendResult(new IllegalStateException("gone")));
        assertEquals(1, over.get());
        assertFalse(send("b"));
    }

    @Test
    void closesASocketThatAnswersNoPing() {
        sink.beat();
        sink.beat();
        sink.heard();
        sink.beat();
        sink.beat();
        sink.beat();
        assertEquals(List.of(), closed);
        sink.beat();
        assertEquals(5, pings.get());
        assertEquals(1, closed.size());
    }

    @Test
    void tellsListenersThatComeLate() {
        sink.lost();
        sink.onClose(over::incrementAndGet);
        assertEquals(1, over.get());
    }
}

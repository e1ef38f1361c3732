package org.mcpservermanager.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BodyReaderTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final BodyReader reader = new BodyReader(10, Duration.ofHours(1), 0, timer);
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final BodyReader.Receiver receiver = new BodyReader.Receiver() {
        @Override
        public void onBody(byte[] bytes) {
            body.complete(bytes);
        }

        @Override
        public void onRefused(BodyRefused refusal) {
            body.completeExceptionally(refusal);
        }
    };

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    /** A connection on which the test lets bytes arrive. */
    private static final class Wire extends ServletInputStream {
        private byte[] arrived = new byte[0];
        private int at;
        private boolean ended;
        private ReadListener listener;

        void arrives(String text, boolean last) throws IOException {
            arrived = text.getBytes(StandardCharsets.UTF_8);
            at = 0;
            ended = last;
            if (listener != null) {
                listener.onDataAvailable();
                if (isFinished()) {
                    listener.onAllDataRead();
                }
            }
        }

        @Override
        public int available() {
            return arrived.length - at;
        }

        @Override
        public boolean isFinished() {
            return ended && available() == 0;
        }

        @Override
        public boolean isReady() {
            return available() > 0;
        }

        @Override
        public void setReadListener(ReadListener reader) {
            listener = reader;
            if (isReady()) {
                try {
                    listener.onDataAvailable();
                } catch (IOException failure) {
                    listener.onError(failure);
                }
            }
        }

        /** Undertow waits for data even when none is asked for. */
        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (length == 0 || available() == 0) {
                throw new AssertionError("this read would wait");
            }
            return super.read(into, from, Math.min(length, available()));
        }

        @Override
        public int read() {
            return available() == 0 ? -1 : arrived[at++];
        }
    }

    private static HttpServletRequest request(long announced, ServletInputStream wire) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                BodyReaderTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, args) -> {
                    return switch (method.getName()) {
                        case "getContentLengthLong" -> announced;
                        case "getInputStream" -> wire;
                        default -> throw new UnsupportedOperationException(method.getName());
                    };
                });
    }

    private static AsyncContext async(HttpServletRequest request) {
        return (AsyncContext) Proxy.newProxyInstance(
                BodyReaderTest.class.getClassLoader(),
                new Class<?>[] {AsyncContext.class},
                (proxy, method, args) -> request);
    }

    private int refusedStatus() {
        return ((BodyRefused) assertThrows(
                                java.util.concurrent.ExecutionException.class, () -> body.get(10, TimeUnit.SECONDS))
                        .getCause())
                .status();
    }

    @Test
    void readsAtOnceWhatHasArrived() throws Exception {
        Wire wire = new Wire();
        wire.arrives("hello", true);
        BodyReader.Intake intake = reader.begin(request(5, wire));
        assertTrue(intake.isComplete());
        assertArrayEquals("hello".getBytes(StandardCharsets.UTF_8), intake.bytes());
    }

    @Test
    void readsTheRestAsItComes() throws Exception {
        Wire wire = new Wire();
        wire.arrives("hel", false);
        HttpServletRequest request = request(5, wire);
        BodyReader.Intake intake = reader.begin(request);
        assertFalse(intake.isComplete());
        intake.readRest(async(request), receiver);
        wire.arrives("l", false);
        wire.arrives("o", true);
        assertEquals("hello", new String(body.get(10, TimeUnit.SECONDS), StandardCharsets.UTF_8));
    }

    @Test
    void refusesABodyOfWhichTheServerLostAPart() throws Exception {
        Wire wire = new Wire();
        HttpServletRequest request = request(5, wire);
        reader.begin(request).readRest(async(request), receiver);
        wire.arrives("helo", true);
        assertEquals(400, refusedStatus());
    }

    @Test
    void waitsForTheRestOnAThreadThatMayWait() throws Exception {
        BodyReader blocking = new BodyReader(10, Duration.ofHours(1), 1, timer);
        for (int i = 0; i < 3; i++) {
            BodyReader.Intake intake = blocking.begin(request(5, new Drops("he", "l", "lo")));
            assertTrue(intake.isComplete());
            assertEquals("hello", new String(intake.bytes(), StandardCharsets.UTF_8));
        }
        assertEquals(
                "0123456789",
                new String(
                        blocking.begin(request(-1, new Drops("01234", "56789"))).bytes(), StandardCharsets.UTF_8));
        BodyRefused tooLarge =
                assertThrows(BodyRefused.class, () -> blocking.begin(request(-1, new Drops("0123456789", "x"))));
        assertEquals(413, tooLarge.status());
        BodyRefused broken = assertThrows(BodyRefused.class, () -> blocking.begin(request(5, new Drops("hel"))));
        assertEquals(400, broken.status());
        BodyRefused late = assertThrows(BodyRefused.class, () -> new BodyReader(10, Duration.ZERO, 1, timer)
                .begin(request(5, new Drops("h", "ello"))));
        assertEquals(408, late.status());
    }

    /** A connection whose reads give one piece after the other. */
    private static final class Drops extends ServletInputStream {
        private final java.util.ArrayDeque<String> pieces;

        Drops(String... pieces) {
            this.pieces = new java.util.ArrayDeque<>(java.util.List.of(pieces));
        }

        @Override
        public int read(byte[] into, int from, int length) {
            if (pieces.isEmpty()) {
                return -1;
            }
            byte[] piece = pieces.remove().getBytes(StandardCharsets.UTF_8);
            System.arraycopy(piece, 0, into, from, piece.length);
            return piece.length;
        }

        @Override
        public int read() {
            throw new AssertionError("slow");
        }

        @Override
        public boolean isFinished() {
            return pieces.isEmpty();
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new AssertionError("not asynchronous");
        }
    }

    @Test
    void refusesALargeBodyBeforeReadingIt() {
        BodyRefused refused = assertThrows(BodyRefused.class, () -> reader.begin(request(11, new Wire())));
        assertEquals(413, refused.status());
        assertEquals("request body: 11 bytes announced (expected: at most 10 bytes)", refused.getMessage());
    }

    @Test
    void refusesABodyOfUnknownLengthOnceItIsTooLarge() throws Exception {
        Wire wire = new Wire();
        HttpServletRequest request = request(-1, wire);
        reader.begin(request).readRest(async(request), receiver);
        wire.arrives("0123456789", false);
        assertFalse(body.isDone());
        wire.arrives("x", false);
        assertEquals(413, refusedStatus());
    }

    @Test
    void refusesABodyThatTakesTooLong() throws Exception {
        HttpServletRequest request = request(-1, new Wire());
        new BodyReader(10, Duration.ofMillis(1), 0, timer).begin(request).readRest(async(request), receiver);
        assertEquals(408, refusedStatus());
    }

    @Test
    void refusesABodyThatBreaksOff() throws Exception {
        Wire wire = new Wire();
        HttpServletRequest request = request(5, wire);
        reader.begin(request).readRest(async(request), receiver);
        wire.listener.onError(new IOException("reset"));
        assertEquals(400, refusedStatus());
    }
}

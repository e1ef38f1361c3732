package org.mcpservermanager.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventStreamTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final EventStreams streams =
            new EventStreams(new EventStreams.Settings(Duration.ofHours(1), 4, 1000), timer);
    private final Pipe pipe = new Pipe();
    private final AtomicInteger completions = new AtomicInteger();

    @AfterEach
    void stop() {
        streams.close();
        timer.shutdownNow();
    }

    /** A response that takes data while it is ready, as a container's does. */
    private static final class Pipe extends ServletOutputStream {
        private final ByteArrayOutputStream got = new ByteArrayOutputStream();
        private WriteListener listener;
        private boolean ready = true;
        private boolean broken;
        private int flushes;

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void setWriteListener(WriteListener writer) {
            listener = writer;
        }

        @Override
        public void write(int b) throws IOException {
            if (!ready) {
                throw new IllegalStateException("written while not ready");
            }
            if (broken) {
                throw new IOException("gone");
            }
            got.write(b);
        }

        @Override
        public void flush() {
            flushes++;
        }

        void becomesReady() throws IOException {
            ready = true;
            listener.onWritePossible();
        }

        String text() {
            String text = got.toString(StandardCharsets.UTF_8);
            got.reset();
            return text;
        }
    }

    private EventStream attached() throws IOException {
        EventStream stream = streams.create();
        stream.attach(pipe, completions::incrementAndGet);
        pipe.becomesReady();
        return stream;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void writesFramesAndFlushesOnceWhenDry() throws IOException {
        EventStream stream = streams.create();
        stream.send("server", "7", "a\nb");
        stream.send("1-1", utf8("{}"));
        stream.send("", utf8("x"));
        stream.attach(pipe, completions::incrementAndGet);
        assertEquals("", pipe.text());
        pipe.becomesReady();
        assertEquals("event: server\nid: 7\ndata: a\ndata: b\n\nid: 1-1\ndata: {}\n\ndata: x\n\n", pipe.text());
        assertEquals(1, pipe.flushes);
    }

    @Test
    void waitsForASlowClient() throws IOException {
        EventStream stream = attached();
        pipe.ready = false;
        assertTrue(stream.send("", utf8("1")));
        assertTrue(stream.send("", utf8("2")));
        assertEquals("", pipe.text());
        pipe.becomesReady();
        assertEquals("data: 1\n\ndata: 2\n\n", pipe.text());
    }

    @Test
    void closesAClientThatDoesNotRead() throws IOException {
        EventStream stream = attached();
        AtomicInteger closed = new AtomicInteger();
        stream.onClose(closed::incrementAndGet);
        pipe.ready = false;
        for (int i = 0; i < 4; i++) {
            assertTrue(stream.send("", utf8("x")));
        }
        assertFalse(stream.send("", utf8("x")));
        assertTrue(stream.isClosed());
        assertEquals(1, completions.get());
        assertEquals(1, closed.get());
        assertEquals(0, streams.count());
    }

    @Test
    void boundsTheBytesThatWaitButTakesOneLargeEvent() throws IOException {
        EventStream stream = attached();
        pipe.ready = false;
        assertTrue(stream.send("", new byte[5000]));
        assertFalse(stream.send("", new byte[10]));
    }

    @Test
    void endsAfterWhatWasSent() throws IOException {
        EventStream stream = attached();
        pipe.ready = false;
        stream.send("", utf8("last"));
        stream.end();
        assertFalse(stream.send("", utf8("later")));
        assertEquals(0, completions.get());
        pipe.becomesReady();
        assertEquals("data: last\n\n", pipe.text());
        assertEquals(1, completions.get());
    }

    @Test
    void noticesAClientThatLeft() throws IOException {
        EventStream stream = attached();
        AtomicInteger closed = new AtomicInteger();
        stream.onClose(closed::incrementAndGet);
        pipe.broken = true;
        streams.beat();
        assertEquals(1, closed.get());
        assertFalse(stream.send("", utf8("x")));
    }

    @Test
    void beatsOnlyWhenSilent() throws IOException {
        EventStream stream = attached();
        stream.send("", utf8("x"));
        pipe.text();
        streams.beat();
        assertEquals("", pipe.text());
        streams.beat();
        assertEquals(": beat\n\n", pipe.text());
        streams.beat();
        assertEquals(": beat\n\n", pipe.text());
    }

    @Test
    void beatsByItself() throws Exception {
        try (EventStreams quick = new EventStreams(new EventStreams.Settings(Duration.ofMillis(1), 4, 100), timer)) {
            EventStream stream = quick.create();
            stream.attach(pipe, completions::incrementAndGet);
            pipe.becomesReady();
            pipe.broken = true;
            var gone = new java.util.concurrent.CountDownLatch(1);
            stream.onClose(gone::countDown);
            assertTrue(gone.await(10, TimeUnit.SECONDS), "no heartbeat noticed the broken connection");
        }
    }

    @Test
    void closesEveryStreamAtTheEnd() throws IOException {
        attached();
        streams.close();
        assertEquals(1, completions.get());
        assertEquals(0, streams.count());
    }

    @Test
    void tellsALateListenerAtOnce() {
        EventStream stream = streams.create();
        stream.close();
        AtomicInteger closed = new AtomicInteger();
        stream.onClose(closed::incrementAndGet);
        stream.attach(pipe, completions::incrementAndGet);
        assertEquals(1, closed.get());
        assertEquals(2, completions.get() + 1);
    }
}

package org.mcpservermanager.stream;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;

/**
 * Takes request bodies in so that slow senders cannot hold the threads of the server: what has arrived is read at once, the rest
 * by notification. Where notification is not to be trusted, a bounded number of threads may wait for the rest instead.
 */
public final class BodyReader {
    static final int PAYLOAD_TOO_LARGE = 413;
    private static final int CHUNK = 8192;

    private final int bytesMax;
    private final Duration deadline;
    private final Semaphore mayBlock;
    private final ScheduledExecutorService timer;

    /**
     * @param deadline from the first look at the body to its last byte
     * @param blockedMax request threads that may wait for a body at once; 0 for none. Grizzly loses parts of a body that arrives
     *     fast while a ReadListener reads it (seen on Payara Micro 6.2025.10: every tenth body of 300 kB lacked 64 KiB)
     */
    public BodyReader(int bytesMax, Duration deadline, int blockedMax, ScheduledExecutorService timer) {
        this.bytesMax = bytesMax;
        this.deadline = deadline;
        this.mayBlock = new Semaphore(blockedMax);
        this.timer = timer;
    }

    /** What came of a body that had not arrived yet; one of the two is called, once, and neither may block. */
    public interface Receiver {
        void onBody(byte[] body);

        void onRefused(BodyRefused refusal);
    }

    /**
     * Reads what has arrived already. When that is all, {@link Intake#isComplete} is true and the request need not go
     * asynchronous.
     */
    public Intake begin(HttpServletRequest request) throws BodyRefused {
        long announced = request.getContentLengthLong();
        if (announced > bytesMax) {
            throw tooLarge(announced + " bytes announced");
        }
        Intake intake = new Intake(request, announced);
        try {
            intake.readNow();
        } catch (IOException broken) {
            throw broken(broken);
        }
        return intake;
    }

    private BodyRefused tooLarge(String what) {
        return new BodyRefused(
                PAYLOAD_TOO_LARGE, "request body: " + what + " (expected: at most " + bytesMax + " bytes)");
    }

    private BodyRefused late(int count) {
        return new BodyRefused(
                408,
                "request body: " + count + " bytes within " + deadline.toSeconds()
                        + " s, and no end (expected: the whole body within that time)");
    }

    private static BodyRefused broken(IOException cause) {
        return new BodyRefused(400, "request body: the connection broke before its end", cause);
    }

    /** One body on its way in. */
    public final class Intake {
        private final HttpServletRequest request;
        private final long announced;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);
        private byte[] whole = new byte[0];
        private boolean complete;

        private Intake(HttpServletRequest request, long announced) {
            this.request = request;
            this.announced = announced;
            this.complete = announced == 0;
        }

        private void readNow() throws IOException, BodyRefused {
            if (complete) {
                return;
            }
            var in = request.getInputStream();
            if (announced > 0 && in.available() >= announced) {
                read(in, Long.MAX_VALUE);
            } else if (mayBlock.tryAcquire()) {
                try {
                    read(in, System.nanoTime() + deadline.toNanos());
                } finally {
                    mayBlock.release();
                }
            }
        }

        /** All of the body; never asks for 0 bytes, for which Undertow waits. */
        private void read(ServletInputStream in, long untilNanos) throws IOException, BodyRefused {
            byte[] chunk = new byte[announced > 0 ? (int) announced : CHUNK];
            int count = 0;
            while (announced < 0 || count < announced) {
                if (count == chunk.length) {
                    chunk = Arrays.copyOf(chunk, Math.min(count * 2, bytesMax + 1));
                }
                int n = in.read(chunk, count, chunk.length - count);
                if (n < 0) {
                    break;
                }
                count += n;
                if (count > bytesMax) {
                    throw tooLarge("more than " + bytesMax + " bytes");
                }
                if (untilNanos != Long.MAX_VALUE && System.nanoTime() - untilNanos > 0) {
                    throw late(count);
                }
            }
            if (announced >= 0 && count < announced) {
                throw new EOFException("end of input after " + count + " of " + announced + " bytes");
            }
            whole = count == chunk.length ? chunk : Arrays.copyOf(chunk, count);
            complete = true;
        }

        public boolean isComplete() {
            return complete;
        }

        /** The body, once complete. */
        public byte[] bytes() {
            return whole;
        }

        /** Reads the rest as it comes; the request has gone asynchronous. */
        public void readRest(AsyncContext async, Receiver receiver) throws IOException {
            var in = async.getRequest().getInputStream();
            var rest = new RestReader(in, bytes, announced, bytesMax, receiver);
            rest.expireWith(timer.schedule(
                    () -> rest.refuse(late(rest.size())),
                    deadline.toMillis(),
                    java.util.concurrent.TimeUnit.MILLISECONDS));
            in.setReadListener(rest);
        }
    }
}

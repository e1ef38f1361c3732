package org.mcpservermanager.stream;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

/** Takes request bodies in without ever blocking a thread on a slow sender. */
public final class BodyReader {
    static final int PAYLOAD_TOO_LARGE = 413;

    private final int bytesMax;
    private final Duration deadline;
    private final ScheduledExecutorService timer;

    /** @param deadline from the first look at the body to its last byte */
    public BodyReader(int bytesMax, Duration deadline, ScheduledExecutorService timer) {
        this.bytesMax = bytesMax;
        this.deadline = deadline;
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
            intake.readAvailable();
        } catch (IOException broken) {
            throw broken(broken);
        }
        return intake;
    }

    private BodyRefused tooLarge(String what) {
        return new BodyRefused(
                PAYLOAD_TOO_LARGE, "request body: " + what + " (expected: at most " + bytesMax + " bytes)");
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

        /** Only a body of announced length is known to be complete without waiting for its end. */
        private void readAvailable() throws IOException {
            if (announced <= 0) {
                return;
            }
            var in = request.getInputStream();
            for (int available = in.available();
                    available > 0 && bytes.size() < announced;
                    available = in.available()) {
                byte[] chunk = new byte[(int) Math.min(available, announced - bytes.size())];
                int n = in.read(chunk); // not readNBytes: its last read asks for 0 bytes, for which Undertow waits
                if (n < 0) {
                    return;
                }
                if (n == announced) {
                    whole = chunk;
                    complete = true;
                    return;
                }
                bytes.write(chunk, 0, n);
            }
            if (bytes.size() == announced) {
                whole = bytes.toByteArray();
                complete = true;
            }
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
            var rest = new RestReader(in, bytes, bytesMax, receiver);
            rest.expireWith(timer.schedule(
                    () -> rest.refuse(new BodyRefused(
                            408,
                            "request body: " + rest.size() + " bytes within " + deadline.toSeconds()
                                    + " s, and no end (expected: the whole body within that time)")),
                    deadline.toMillis(),
                    java.util.concurrent.TimeUnit.MILLISECONDS));
            in.setReadListener(rest);
        }
    }
}

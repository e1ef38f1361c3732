package org.mcpservermanager.stream;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** Reads the part of a body that had not arrived at once. */
final class RestReader implements ReadListener {
    private final ServletInputStream in;
    private final ByteArrayOutputStream bytes;
    private final long announced;
    private final int bytesMax;
    private final BodyReader.Receiver receiver;
    private final AtomicBoolean over = new AtomicBoolean();
    private final byte[] chunk = new byte[8192];
    private volatile int size; // written by the reading thread, read by the timer's for its message
    private volatile Future<?> deadline;

    /** @param announced length of the body by its header, negative when it did not say */
    RestReader(
            ServletInputStream in,
            ByteArrayOutputStream bytes,
            long announced,
            int bytesMax,
            BodyReader.Receiver receiver) {
        this.in = in;
        this.announced = announced;
        this.bytes = bytes;
        this.bytesMax = bytesMax;
        this.receiver = receiver;
        this.size = bytes.size();
    }

    void expireWith(Future<?> timeout) {
        deadline = timeout;
    }

    int size() {
        return size;
    }

    @Override
    public void onDataAvailable() throws IOException {
        while (!over.get() && in.isReady() && !in.isFinished()) {
            int n = in.read(chunk);
            if (n < 0) {
                return;
            }
            if (bytes.size() + n > bytesMax) {
                refuse(new BodyRefused(
                        BodyReader.PAYLOAD_TOO_LARGE,
                        "request body: more than " + bytesMax + " bytes (expected: at most that)"));
                return;
            }
            bytes.write(chunk, 0, n);
            size = bytes.size();
        }
    }

    @Override
    public void onAllDataRead() {
        if (announced >= 0 && bytes.size() != announced) {
            refuse(new BodyRefused(
                    400,
                    "request body: " + bytes.size() + " bytes arrived (expected: " + announced + " as announced)"));
            return;
        }
        if (over.compareAndSet(false, true)) {
            stopTimer();
            receiver.onBody(bytes.toByteArray());
        }
    }

    @Override
    public void onError(Throwable failure) {
        refuse(new BodyRefused(400, "request body: the connection broke before its end", failure));
    }

    void refuse(BodyRefused refusal) {
        if (over.compareAndSet(false, true)) {
            stopTimer();
            receiver.onRefused(refusal);
        }
    }

    private void stopTimer() {
        Future<?> timeout = deadline;
        if (timeout != null) {
            timeout.cancel(false);
        }
    }
}

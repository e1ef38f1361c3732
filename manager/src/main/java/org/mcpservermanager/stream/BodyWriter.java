package org.mcpservermanager.stream;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Writes a whole body to the response of an asynchronous request without timeout, then completes it; never blocks. */
public final class BodyWriter implements WriteListener {
    /** Fits the buffer of either container, so that writing it cannot wait for the client. */
    public static final int SMALL = 8 * 1024;

    private static final int STEP = 32 * 1024;
    private final AsyncContext async;
    private final ServletOutputStream out;
    private final byte[] body;
    private final AtomicBoolean over = new AtomicBoolean();
    private int written; // only touched by the container's calls, which never overlap

    private BodyWriter(AsyncContext async, ServletOutputStream out, byte[] body) {
        this.async = async;
        this.out = out;
        this.body = body;
    }

    public static void write(AsyncContext async, byte[] body) throws IOException {
        ServletOutputStream out = async.getResponse().getOutputStream();
        async.getResponse().setContentLength(body.length);
        if (body.length <= SMALL) {
            out.write(body);
            async.complete();
            return;
        }
        out.setWriteListener(new BodyWriter(async, out, body));
    }

    @Override
    public void onWritePossible() throws IOException {
        while (written < body.length && out.isReady()) {
            int step = Math.min(STEP, body.length - written);
            written += step;
            out.write(body, written - step, step);
        }
        if (written == body.length && out.isReady()) {
            complete();
        }
    }

    @Override
    public void onError(Throwable failure) { // the client went away
        complete();
    }

    private void complete() {
        if (over.compareAndSet(false, true)) {
            async.complete();
        }
    }
}

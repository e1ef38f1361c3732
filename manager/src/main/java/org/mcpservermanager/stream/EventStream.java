package org.mcpservermanager.stream;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Server-sent events to one client, written without ever blocking. The monitor guards every field and is held while writing:
 * writes are non-blocking, and two threads must not interleave frames. Listeners are called without it.
 */
public final class EventStream {
    private static final byte[] BEAT = ": beat\n\n".getBytes(StandardCharsets.US_ASCII);

    private final int eventsMax;
    private final int bytesMax;
    private final Deque<byte[]> queue = new ArrayDeque<>();
    private final List<Runnable> closeListeners = new ArrayList<>();
    private int queuedBytes;
    private ServletOutputStream out;
    private Runnable completion = () -> {};
    private boolean writable; // the container has called onWritePossible, so isReady may be asked
    private boolean unflushed;
    private boolean idle = true;
    private boolean ending;
    private boolean closed;

    EventStream(int eventsMax, int bytesMax) {
        this.eventsMax = eventsMax;
        this.bytesMax = bytesMax;
    }

    /** Begins to write to the response of a request that has gone asynchronous without a timeout. From any thread. */
    public void attach(AsyncContext async) throws IOException {
        var response = (HttpServletResponse) async.getResponse();
        response.setContentType("text/event-stream");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no");
        try {
            async.setTimeout(0);
            async.addListener(new Disconnection(this::close));
        } catch (IllegalStateException requestThreadReturned) {
            // both are for the request thread only; from others, a client that left is noticed by writing to it
        }
        attach(response.getOutputStream(), async::complete);
    }

    void attach(ServletOutputStream output, Runnable whenDone) {
        synchronized (this) {
            out = output;
            completion = whenDone;
        }
        if (isClosed()) {
            whenDone.run();
            return;
        }
        output.setWriteListener(new WriteListener() {
            @Override
            public void onWritePossible() {
                EventStream.this.onWritePossible();
            }

            @Override
            public void onError(Throwable failure) {
                close();
            }
        });
    }

    /**
     * Queues an event; never blocks.
     *
     * @param event name of the event, empty for none
     * @param id empty for none
     * @return false when the stream is closed, or was closed just now because its client does not read
     */
    public boolean send(String event, String id, String data) {
        var frame = new StringBuilder(data.length() + 64);
        if (!event.isEmpty()) {
            frame.append("event: ").append(event).append('\n');
        }
        if (!id.isEmpty()) {
            frame.append("id: ").append(id).append('\n');
        }
        data.lines().forEach(line -> frame.append("data: ").append(line).append('\n'));
        if (data.isEmpty()) {
            frame.append("data: \n");
        }
        return offer(frame.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }

    /** An unnamed event whose data is one line of UTF-8. */
    public boolean send(String id, byte[] line) {
        byte[] head = (id.isEmpty() ? "data: " : "id: " + id + "\ndata: ").getBytes(StandardCharsets.US_ASCII);
        byte[] frame = new byte[head.length + line.length + 2];
        System.arraycopy(head, 0, frame, 0, head.length);
        System.arraycopy(line, 0, frame, head.length, line.length);
        frame[frame.length - 2] = '\n';
        frame[frame.length - 1] = '\n';
        return offer(frame);
    }

    /** An event without data: where a client goes on that loses the connection, and how long it waits before. */
    public boolean prime(String id, long retryMillis) {
        return offer(("retry: " + retryMillis + "\nid: " + id + "\ndata: \n\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Whether something waits to be written. */
    public synchronized boolean isBehind() {
        return !queue.isEmpty();
    }

    /** A line the client ignores; it makes the head of the response leave at once. */
    public boolean comment(String text) {
        return offer((": " + text + "\n\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Closes after what was queued is written. */
    public void end() {
        Runnable over;
        synchronized (this) {
            ending = true;
            over = drain();
        }
        over.run();
    }

    /** Closes now; what was not written is lost. */
    public void close() {
        Runnable over;
        synchronized (this) {
            over = toClosed();
        }
        over.run();
    }

    /** Called once when the stream is over, at once when it is already; whoever ended it. Must not block. */
    public void onClose(Runnable listener) {
        synchronized (this) {
            if (!closed) {
                closeListeners.add(listener);
                return;
            }
        }
        listener.run();
    }

    public synchronized boolean isClosed() {
        return closed;
    }

    /** Writes a comment when nothing was written since the last beat. Never blocks. */
    public void beat() {
        Runnable over;
        synchronized (this) {
            if (idle && writable && queue.isEmpty()) {
                queue.add(BEAT);
                queuedBytes += BEAT.length;
            }
            over = drain();
            idle = true;
        }
        over.run();
    }

    private boolean offer(byte[] frame) {
        Runnable over;
        boolean taken;
        synchronized (this) {
            if (closed || ending) {
                return false;
            }
            taken = queue.isEmpty() || (queue.size() < eventsMax && queuedBytes + frame.length <= bytesMax);
            if (taken) {
                queue.add(frame);
                queuedBytes += frame.length;
                over = drain();
                taken = !closed;
            } else {
                over = toClosed();
            }
        }
        over.run();
        return taken;
    }

    private void onWritePossible() {
        Runnable over;
        synchronized (this) {
            writable = true;
            over = drain();
        }
        over.run();
    }

    /** Guarded by this; the result is to be run without the monitor. When isReady says no, the container calls onWritePossible. */
    private Runnable drain() {
        if (!writable || closed) {
            return () -> {};
        }
        try {
            while (!queue.isEmpty()) {
                if (!out.isReady()) {
                    return () -> {};
                }
                byte[] frame = queue.remove();
                queuedBytes -= frame.length;
                out.write(frame);
                unflushed = true;
                idle = false;
            }
            if (unflushed && out.isReady()) {
                unflushed = false;
                out.flush();
            }
            return ending && !unflushed ? toClosed() : () -> {};
        } catch (IOException
                | IllegalStateException gone) { // the client went away; that is the ordinary end of a stream
            return toClosed();
        }
    }

    private Runnable toClosed() {
        if (closed) {
            return () -> {};
        }
        closed = true;
        queue.clear();
        queuedBytes = 0;
        List<Runnable> listeners = List.copyOf(closeListeners);
        closeListeners.clear();
        Runnable done = completion;
        return () -> {
            try {
                done.run();
            } catch (IllegalStateException alreadyCompleted) {
                // by the container, which noticed the end first
            }
            listeners.forEach(Runnable::run);
        };
    }
}

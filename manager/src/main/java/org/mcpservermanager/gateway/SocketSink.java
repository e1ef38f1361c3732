package org.mcpservermanager.gateway;

import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.stream.EventStreams;

/** A sink over a WebSocket: one message in one text frame, one frame under way at a time, the others in a bounded queue. */
final class SocketSink implements Sink {
    private static final Logger LOG = Logger.getLogger(SocketSink.class.getName());
    private static final int SILENT_BEATS_MAX = 3;

    private final Session socket;
    private final EventStreams.Settings limits;
    private final Executor closer;
    private final AtomicInteger pumps = new AtomicInteger();
    private final Deque<byte[]> queue = new ArrayDeque<>(); // guarded by this
    private final List<Runnable> closeListeners = new ArrayList<>(); // guarded by this
    private int queuedBytes; // guarded by this
    private boolean underWay; // guarded by this
    private boolean ending; // guarded by this
    private boolean closed; // guarded by this
    private int silentBeats; // guarded by this

    /** @param closer closes sockets, which may wait for a client that does not read */
    SocketSink(Session socket, EventStreams.Settings limits, Executor closer) {
        this.socket = socket;
        this.limits = limits;
        this.closer = closer;
    }

    @Override
    public boolean send(String id, byte[] message) {
        boolean taken;
        synchronized (this) {
            if (closed || ending) {
                return false;
            }
            taken = queue.isEmpty()
                    || (queue.size() < limits.eventsMax() && queuedBytes + message.length <= limits.bytesMax());
            if (taken) {
                queue.add(message);
                queuedBytes += message.length;
            }
        }
        if (taken) {
            pump();
        } else {
            close(CloseCodes.VIOLATED_POLICY, "messages are not read");
        }
        return taken;
    }

    @Override
    public synchronized boolean isBehind() {
        return !queue.isEmpty();
    }

    /** One thread sends at a time; a send that ends at once comes here again, and must not go deeper each time. */
    private void pump() {
        if (pumps.getAndIncrement() > 0) {
            return;
        }
        do {
            byte[] next = next();
            if (next.length > 0) {
                send(next);
            }
        } while (pumps.decrementAndGet() > 0);
    }

    private void send(byte[] message) {
        try {
            socket.getAsyncRemote().sendText(new String(message, StandardCharsets.UTF_8), this::sent);
        } catch (IllegalStateException | IllegalArgumentException gone) {
            LOG.log(Level.FINE, "a socket took no message; it is closed", gone);
            lost();
        }
    }

    private synchronized byte[] next() {
        if (underWay || closed || queue.isEmpty()) {
            return new byte[0];
        }
        byte[] message = queue.remove();
        queuedBytes -= message.length;
        underWay = true;
        return message;
    }

    private void sent(SendResult result) {
        boolean last;
        synchronized (this) {
            underWay = false;
            last = ending && queue.isEmpty();
        }
        if (!result.isOK()) {
            close(CloseCodes.CLOSED_ABNORMALLY, "");
        } else if (last) {
            close(CloseCodes.NORMAL_CLOSURE, "the session has ended");
        } else {
            pump();
        }
    }

    @Override
    public void announce(String event, String id, String data) {
        // A socket has nothing to say of itself.
    }

    @Override
    public void end() {
        boolean idle;
        synchronized (this) {
            ending = true;
            idle = !underWay && queue.isEmpty();
        }
        if (idle) {
            close(CloseCodes.NORMAL_CLOSURE, "the session has ended");
        }
    }

    @Override
    public void open() {
        // Its opening handshake told so.
    }

    @Override
    public void onClose(Runnable listener) {
        synchronized (this) {
            if (!closed) {
                closeListeners.add(listener);
                return;
            }
        }
        listener.run();
    }

    /** Something came from the client. */
    synchronized void heard() {
        silentBeats = 0;
    }

    /** A ping; closes the socket when several in a row were not answered. */
    void beat() {
        boolean silent;
        synchronized (this) {
            silent = ++silentBeats > SILENT_BEATS_MAX;
        }
        if (silent) {
            close(CloseCodes.CLOSED_ABNORMALLY, "");
            return;
        }
        try {
            socket.getAsyncRemote().sendPing(ByteBuffer.allocate(0));
        } catch (IOException | IllegalStateException | IllegalArgumentException gone) {
            LOG.log(Level.FINE, "a socket took no ping; it is closed", gone);
            lost();
        }
    }

    void close(CloseCodes code, String why) {
        lost();
        try {
            closer.execute(() -> closeNow(code, why));
        } catch (RejectedExecutionException ending) {
            closeNow(code, why);
        }
    }

    private void closeNow(CloseCodes code, String why) {
        try {
            // a close frame must not carry the code for a connection that broke
            boolean broken = code == CloseCodes.CLOSED_ABNORMALLY;
            socket.close(new CloseReason(broken ? CloseCodes.GOING_AWAY : code, why));
        } catch (IOException | IllegalStateException gone) {
            LOG.log(Level.FINE, "a socket was closed already", gone);
        }
    }

    /** The connection is over, whoever ended it. Idempotent. */
    void lost() {
        List<Runnable> listeners;
        synchronized (this) {
            closed = true;
            queue.clear();
            queuedBytes = 0;
            listeners = List.copyOf(closeListeners);
            closeListeners.clear();
        }
        listeners.forEach(Runnable::run);
    }
}

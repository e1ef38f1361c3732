package org.mcpservermanager.gateway;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The open WebSockets of clients. A client that went away is noticed only by a ping to which nothing comes back. */
final class Sockets implements AutoCloseable {
    private final Gateway gateway;
    private final GatewaySettings settings;
    private final ScheduledExecutorService timer;
    private final Set<SocketSink> open = ConcurrentHashMap.newKeySet();
    private final Future<?> heart;

    Sockets(Gateway gateway, ScheduledExecutorService timer) {
        this.gateway = gateway;
        this.settings = gateway.settings();
        this.timer = timer;
        long period = settings.streams().heartbeat().toMillis();
        this.heart = timer.scheduleWithFixedDelay(
                () -> open.forEach(SocketSink::beat), period, period, TimeUnit.MILLISECONDS);
    }

    /** Throws {@link Refused} when the socket that this request asks for must not be opened. */
    SocketCaller admit(Incoming request) {
        gateway.requireGroup(request);
        gateway.lines().requireRoom();
        return new SocketCaller(this, request.withSession(gateway.lines().newId()));
    }

    /** The line over a socket that has just been opened. */
    Line line(Incoming opened, SocketSink sink) {
        open.add(sink);
        sink.onClose(() -> open.remove(sink));
        return gateway.lines().open(opened, sink);
    }

    SocketSink sink(jakarta.websocket.Session socket) {
        socket.setMaxIdleTimeout(0);
        socket.setMaxTextMessageBufferSize(settings.body().bytesMax());
        return new SocketSink(socket, settings.streams(), timer);
    }

    @Override
    public void close() {
        heart.cancel(false);
        open.forEach(SocketSink::end);
    }
}

package org.mcpservermanager.gateway;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import org.mcpservermanager.stream.BodyReader;
import org.mcpservermanager.stream.EventStreams;

/** What the servlet needs: the gateway and the parts that move its bytes. Produced by boot. */
public final class GatewayParts implements AutoCloseable {
    private final Gateway gateway;
    private final BodyReader bodies;
    private final EventStreams streams;
    private final Waits waits;
    private final Sockets sockets;

    /** @param waiting a permit for each request thread that may wait */
    record Waits(long nanos, Semaphore waiting) {}

    public GatewayParts(Gateway gateway, EventStreams streams, ScheduledExecutorService timer) {
        GatewaySettings settings = gateway.settings();
        this.gateway = gateway;
        this.bodies = new BodyReader(
                settings.body().bytesMax(),
                settings.body().deadline(),
                settings.body().blockedMax(),
                timer);
        this.streams = streams;
        this.sockets = new Sockets(gateway, timer);
        this.waits = new Waits(
                settings.waits().onThread().toNanos(),
                new Semaphore(settings.waits().threadsMax()));
    }

    Gateway gateway() {
        return gateway;
    }

    BodyReader bodies() {
        return bodies;
    }

    EventStreams streams() {
        return streams;
    }

    Sockets sockets() {
        return sockets;
    }

    @Override
    public void close() {
        sockets.close();
    }

    Waits waits() {
        return waits;
    }
}

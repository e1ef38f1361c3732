package org.mcpservermanager.gateway;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.mcpservermanager.server.Problem;

/** The open WebSockets of clients. A client that went away is noticed only by a ping to which nothing comes back. */
final class Sockets implements AutoCloseable {
    /** The subprotocol that clients of MCP over WebSocket name. */
    static final String PROTOCOL = "mcp";

    private static final int UPGRADE_REQUIRED = 426;
    private static final int NOT_IMPLEMENTED = 501;
    /** Tyrus upgrades only to endpoints that were registered at deployment, and answers 200 for others (2.1, Payara 6.2025.10). */
    private static final String TYRUS = "org.glassfish.tyrus.";

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

    /**
     * Turns a request whose caller is known into a socket of that caller.
     *
     * @return false when the container has the request now, and answers it
     */
    boolean upgrade(HttpServletRequest request, HttpServletResponse response, Incoming incoming, Reply reply)
            throws IOException, ServletException {
        if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
            reply.answer(Answer.problem(
                            UPGRADE_REQUIRED,
                            new Problem(
                                    Problem.INVALID_REQUEST,
                                    "This address is for WebSockets only.",
                                    "Open a WebSocket with the subprotocol " + PROTOCOL + "; for HTTP, use /mcp."))
                    .with("Upgrade", "websocket"));
            return true;
        }
        ServerContainer container =
                (ServerContainer) request.getServletContext().getAttribute(ServerContainer.class.getName());
        if (container.getClass().getName().startsWith(TYRUS)) {
            reply.answer(Answer.problem(
                    NOT_IMPLEMENTED,
                    new Problem(
                            Problem.INVALID_REQUEST,
                            "WebSockets are not served on this application server.",
                            "Use /mcp or /sse here, or run the manager on WildFly.")));
            return true;
        }
        try {
            gateway.lines().requireRoom();
        } catch (Refused refused) {
            reply.answer(refused.answer());
            return true;
        }
        Incoming opened = incoming.withSession(gateway.lines().newId());
        ServerEndpointConfig endpoint = ServerEndpointConfig.Builder.create(
                        SocketEndpoint.class, request.getServletPath())
                .subprotocols(List.of(PROTOCOL))
                .configurator(new ServerEndpointConfig.Configurator() {
                    @Override
                    public <T> T getEndpointInstance(Class<T> type) {
                        return type.cast(new SocketEndpoint(Sockets.this, opened));
                    }
                })
                .build();
        try {
            container.upgradeHttpToWebSocket(request, response, endpoint, Map.of());
            return false;
        } catch (DeploymentException impossible) {
            throw new ServletException(impossible);
        }
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

package org.mcpservermanager.gateway;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.List;

/**
 * Tells the container where sockets are opened: not every one upgrades to endpoints that it did not know at deployment. It does so
 * before any servlet is asked, so {@link SocketFilter} decides who may.
 */
@WebListener
public final class SocketAddresses implements ServletContextListener {
    /** The subprotocol that clients of MCP over WebSocket name. */
    static final String PROTOCOL = "mcp";

    private static final List<String> PATHS = List.of("/ws", "/servers/{id}/ws", "/groups/{name}/ws");

    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        if (!(context.getAttribute(ServerContainer.class.getName()) instanceof ServerContainer container)) {
            throw new IllegalStateException("this application server has no WebSockets (expected: Jakarta EE 10)");
        }
        for (String path : PATHS) {
            try {
                container.addEndpoint(at(path));
            } catch (DeploymentException impossible) {
                throw new IllegalStateException("no WebSockets can be served at " + path, impossible);
            }
        }
    }

    private static ServerEndpointConfig at(String path) {
        return ServerEndpointConfig.Builder.create(SocketEndpoint.class, path)
                .subprotocols(List.of(PROTOCOL))
                .configurator(new ServerEndpointConfig.Configurator() {
                    @Override
                    public <T> T getEndpointInstance(Class<T> type) {
                        return type.cast(new SocketEndpoint());
                    }
                })
                .build();
    }
}

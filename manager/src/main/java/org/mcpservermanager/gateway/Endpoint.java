package org.mcpservermanager.gateway;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.mcpservermanager.server.ServerId;

/**
 * An address of the gateway: {@code /mcp} and its like for all servers, {@code /servers/{id}/mcp} and its like for one.
 *
 * @param server empty for the aggregate
 */
record Endpoint(Optional<ServerId> server, Kind kind) {
    /** What is spoken there. */
    enum Kind {
        MCP,
        SSE,
        MESSAGES,
        WS
    }

    /** Empty when there is nothing at this address. */
    static Optional<Endpoint> of(HttpServletRequest request) {
        String rest = request.getPathInfo();
        if (!request.getServletPath().equals("/servers")) {
            return rest == null
                    ? kind(request.getServletPath()).map(kind -> new Endpoint(Optional.empty(), kind))
                    : Optional.empty();
        }
        int slash = rest == null ? -1 : rest.indexOf('/', 1);
        if (slash < 0 || !rest.startsWith("/")) {
            return Optional.empty();
        }
        String id = rest.substring(1, slash);
        return ServerId.isValid(id)
                ? kind(rest.substring(slash)).map(kind -> new Endpoint(Optional.of(new ServerId(id)), kind))
                : Optional.empty();
    }

    private static Optional<Kind> kind(String path) {
        return switch (path) {
            case "/mcp" -> Optional.of(Kind.MCP);
            case "/sse" -> Optional.of(Kind.SSE);
            case "/messages" -> Optional.of(Kind.MESSAGES);
            case "/ws" -> Optional.of(Kind.WS);
            default -> Optional.empty();
        };
    }

    /** Where what belongs to this stream of events is posted. */
    String messagesPath(String context) {
        return context + server.map(id -> "/servers/" + id).orElse("") + "/messages";
    }

    Front front() {
        return switch (kind) {
            case MCP -> Front.HTTP;
            case SSE, MESSAGES -> Front.SSE;
            case WS -> Front.SOCKET;
        };
    }
}

package org.mcpservermanager.gateway;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Optional;
import org.mcpservermanager.server.Group;
import org.mcpservermanager.server.ServerId;

/**
 * An address of the gateway: {@code /mcp} and its like for all servers, with {@code /servers/{id}} before it for one, with {@code /groups/{name}} for several.
 *
 * @param server empty for an endpoint over several
 */
record Endpoint(Optional<ServerId> server, Scope scope, Kind kind) {
    /** In the query: the client wants tools to find tools. */
    static final String SEARCH = "tools=search";

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
        boolean search = asksForSearch(request.getQueryString());
        boolean isGroup = request.getServletPath().equals("/groups");
        if (!isGroup && !request.getServletPath().equals("/servers")) {
            return rest == null
                    ? kind(request.getServletPath())
                            .map(kind -> new Endpoint(Optional.empty(), new Scope(Group.ALL_SERVERS, search), kind))
                    : Optional.empty();
        }
        int slash = rest == null ? -1 : rest.indexOf('/', 1);
        if (slash < 0 || !rest.startsWith("/")) {
            return Optional.empty();
        }
        String id = rest.substring(1, slash);
        Optional<Kind> kind = kind(rest.substring(slash));
        if (isGroup) {
            return Group.isValid(id)
                    ? kind.map(known -> new Endpoint(Optional.empty(), new Scope(id, search), known))
                    : Optional.empty();
        }
        return ServerId.isValid(id)
                ? kind.map(known -> new Endpoint(Optional.of(new ServerId(id)), Scope.ALL, known))
                : Optional.empty();
    }

    /** Of the query alone: asking the container for parameters may make it read the body. */
    private static boolean asksForSearch(String query) {
        return query != null && Arrays.asList(query.split("&", -1)).contains(SEARCH);
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
        String several = scope.group().equals(Group.ALL_SERVERS) ? "" : "/groups/" + scope.group();
        return context + server.map(id -> "/servers/" + id).orElse(several) + "/messages";
    }

    Front front() {
        return switch (kind) {
            case MCP -> Front.HTTP;
            case SSE, MESSAGES -> Front.SSE;
            case WS -> Front.SOCKET;
        };
    }
}

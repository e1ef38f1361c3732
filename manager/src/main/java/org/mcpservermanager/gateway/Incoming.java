package org.mcpservermanager.gateway;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mcpservermanager.gateway.modern.RequestHeaders;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Text;

/**
 * An HTTP request to an MCP endpoint, free of the container. Absent headers are empty.
 *
 * @param server whose endpoint it is; empty for the aggregate
 * @param scope what an endpoint over several shows
 * @param caller name of the authenticated caller
 */
record Incoming(
        String method,
        Optional<ServerId> server,
        Scope scope,
        String caller,
        Front front,
        Headers headers,
        byte[] body) {
    Incoming(String method, Optional<ServerId> server, String caller, Front front, Headers headers, byte[] body) {
        this(method, server, Scope.ALL, caller, front, headers, body);
    }

    /** A request to a Streamable HTTP endpoint. */
    Incoming(String method, Optional<ServerId> server, String caller, Headers headers, byte[] body) {
        this(method, server, caller, Front.HTTP, headers, body);
    }

    /**
     * The headers MCP knows.
     *
     * @param mcp those of stateless requests that repeat the body, by name in lower case
     */
    record Headers(
            String contentType,
            String accept,
            String sessionId,
            String protocolVersion,
            String lastEventId,
            Map<String, List<String>> mcp) {
        Headers(String contentType, String accept, String sessionId, String protocolVersion, String lastEventId) {
            this(contentType, accept, sessionId, protocolVersion, lastEventId, Map.of());
        }

        RequestHeaders ofRequest() {
            return new RequestHeaders(protocolVersion, mcp);
        }
    }

    /** The same, naming this session. */
    Incoming withSession(String id) {
        Headers named = new Headers(
                headers.contentType(),
                headers.accept(),
                id,
                headers.protocolVersion(),
                headers.lastEventId(),
                headers.mcp());
        return new Incoming(method, server, scope, caller, front, named, body);
    }

    Incoming with(byte[] content) {
        return new Incoming(method, server, scope, caller, front, headers, content);
    }

    boolean acceptsJson() {
        return accepts("application/json", "application/*");
    }

    boolean acceptsEvents() {
        return accepts("text/event-stream", "text/*");
    }

    /** Throws {@link Refused}. */
    void requireJson() {
        if (!isJson()) {
            throw Refused.invalid(
                    Answer.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Type: \"" + Text.oneLine(headers.contentType(), 80) + "\" (expected: application/json)");
        }
    }

    private boolean isJson() {
        String type = headers.contentType();
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().equalsIgnoreCase("application/json");
    }

    private boolean accepts(String type, String range) {
        String accept = headers.accept();
        if (accept.isEmpty()) {
            return true;
        }
        for (int from = 0; from <= accept.length(); ) {
            int comma = accept.indexOf(',', from);
            int to = comma < 0 ? accept.length() : comma;
            int semicolon = accept.indexOf(';', from);
            String one = accept.substring(from, semicolon >= 0 && semicolon < to ? semicolon : to)
                    .strip();
            if (one.equalsIgnoreCase(type) || one.equalsIgnoreCase(range) || one.equals("*/*")) {
                return true;
            }
            from = to + 1;
        }
        return false;
    }
}

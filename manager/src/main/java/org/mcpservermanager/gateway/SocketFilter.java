package org.mcpservermanager.gateway;

import jakarta.inject.Inject;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.Locale;
import java.util.Optional;
import org.mcpservermanager.security.Caller;
import org.mcpservermanager.security.Refusal;
import org.mcpservermanager.security.Role;
import org.mcpservermanager.server.Problem;

/**
 * Decides who may open a socket, on the parsed path: behind the filter that knows the caller, and before the container's own, which
 * upgrades what comes so far.
 */
public final class SocketFilter implements Filter {
    private GatewayParts parts;

    /** For the container, which injects what {@link #use} needs. */
    public SocketFilter() {}

    @Inject
    void use(GatewayParts parts) {
        this.parts = parts;
    }

    @Override
    public void doFilter(ServletRequest plain, ServletResponse answer, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) plain;
        HttpServletResponse response = (HttpServletResponse) answer;
        if (!asksForSocket(request)) {
            chain.doFilter(request, response);
            return;
        }
        Caller caller = Caller.of(request);
        Optional<Refusal> refusal = Refusal.of(caller, Role.CALLER);
        if (refusal.isPresent()) {
            refusal.get().writeTo(response);
            return;
        }
        SocketCaller admitted;
        try {
            admitted = admit(request, caller);
        } catch (Refused refused) {
            ServletReply reply = new ServletReply(request, response, parts.streams(), parts.waits());
            reply.answer(refused.answer());
            reply.settle();
            return;
        }
        chain.doFilter(new Admitted(request, admitted), response);
    }

    /** Either header is enough for one of the containers. */
    private static boolean asksForSocket(HttpServletRequest request) {
        String upgrade = request.getHeader("Upgrade");
        return request.getHeader("Sec-WebSocket-Key") != null
                || upgrade != null && upgrade.toLowerCase(Locale.ROOT).contains("websocket");
    }

    private SocketCaller admit(HttpServletRequest request, Caller caller) {
        Endpoint endpoint = Endpoint.of(request)
                .filter(known -> known.kind() == Endpoint.Kind.WS)
                .filter(known -> request.getMethod().equals("GET"))
                .orElseThrow(() -> new Refused(Answer.problem(
                        Answer.NOT_FOUND,
                        new Problem(
                                "not_found",
                                "There is no WebSocket at this address.",
                                "GET /ws, /servers/{id}/ws or /groups/{name}/ws."))));
        return parts.sockets().admit(McpServlet.incoming(request, endpoint, caller));
    }

    /**
     * For what comes to the address of a socket and is none, or writes the address in a way that the container does not know. Not
     * 426: that needs a header Upgrade, upon which Grizzly never ends the response.
     */
    static Answer noSocket() {
        return Answer.problem(
                Answer.BAD_REQUEST,
                new Problem(
                        Problem.INVALID_REQUEST,
                        "This address is for WebSockets only.",
                        "Open a WebSocket with the subprotocol " + SocketAddresses.PROTOCOL + "; for HTTP, use /mcp."));
    }

    private static final class Admitted extends HttpServletRequestWrapper {
        private final SocketCaller caller;

        private Admitted(HttpServletRequest request, SocketCaller caller) {
            super(request);
            this.caller = caller;
        }

        @Override
        public Principal getUserPrincipal() {
            return caller;
        }
    }
}

package org.mcpservermanager.gateway;

import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.mcpservermanager.security.Caller;
import org.mcpservermanager.security.Role;
import org.mcpservermanager.server.Group;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.stream.BodyReader;
import org.mcpservermanager.stream.BodyRefused;

/** The MCP endpoints in the container. Who may pass is decided here, on the parsed path, never on the text of the URL. */
@WebServlet(
        name = "mcp",
        urlPatterns = {"/mcp", "/servers/*", "/groups/*"},
        asyncSupported = true)
public class McpServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final String REFUSED = McpServlet.class.getName() + ".refused";

    @Inject
    private transient GatewayParts parts;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ServletReply reply = new ServletReply(request, response, parts.streams(), parts.waits());
        Optional<Endpoint> endpoint = endpoint(request);
        Caller caller = Caller.of(request);
        if (request.getAttribute(REFUSED) instanceof Answer refused) {
            reply.answer(refused);
        } else if (!caller.may(Role.CALLER)) {
            reply.answer(refusal(caller));
        } else if (endpoint.isEmpty()) {
            reply.answer(Answer.problem(
                    Answer.NOT_FOUND,
                    new Problem(
                            "not_found",
                            "There is nothing at this address.",
                            "Use /mcp, /servers/{id}/mcp or /groups/{name}/mcp.")));
        } else if (request.getMethod().equals("POST")) {
            post(request, reply, incoming(request, endpoint.get(), caller));
        } else {
            parts.gateway().handle(incoming(request, endpoint.get(), caller), reply);
        }
        reply.settle();
    }

    /** On the parsed path: where the container found this servlet, and what comes after that. */
    private static Optional<Endpoint> endpoint(HttpServletRequest request) {
        String rest = request.getPathInfo();
        boolean search = asksForSearch(request.getQueryString());
        if (request.getServletPath().equals("/mcp")) {
            return rest == null ? Optional.of(new Endpoint.Many(Group.ALL_SERVERS, search)) : Optional.empty();
        }
        String tail = "/mcp";
        if (rest == null || !rest.startsWith("/") || !rest.endsWith(tail)) {
            return Optional.empty();
        }
        String name = rest.substring(1, Math.max(1, rest.length() - tail.length()));
        if (request.getServletPath().equals("/groups")) {
            return Group.isValid(name) ? Optional.of(new Endpoint.Many(name, search)) : Optional.empty();
        }
        return ServerId.isValid(name) ? Optional.of(new Endpoint.One(new ServerId(name))) : Optional.empty();
    }

    /** Of the query alone: asking the container for parameters may make it read the body. */
    private static boolean asksForSearch(String query) {
        return query != null && Arrays.asList(query.split("&", -1)).contains("tools=search");
    }

    private static Answer refusal(Caller caller) {
        if (caller instanceof Caller.Anonymous) {
            return Answer.problem(
                            401,
                            new Problem(
                                    "unauthorized",
                                    "MCP endpoints need a key.",
                                    "Send the header \"Authorization: Bearer <key>\" with a key of role caller."))
                    .with("WWW-Authenticate", "Bearer");
        }
        return Answer.problem(
                403,
                new Problem(
                        "forbidden",
                        "The key of " + caller.name() + " may not use MCP endpoints.",
                        "Use a key of role caller."));
    }

    private void post(HttpServletRequest request, ServletReply reply, Incoming incoming) throws IOException {
        BodyReader.Intake intake;
        try {
            intake = parts.bodies().begin(request);
        } catch (BodyRefused refused) {
            reply.answer(refusal(refused));
            return;
        }
        if (intake.isComplete()) {
            parts.gateway().handle(incoming.with(intake.bytes()), reply);
            return;
        }
        AsyncContext async = reply.goAsync();
        intake.readRest(async, new BodyReader.Receiver() {
            @Override
            public void onBody(byte[] body) {
                parts.gateway().handle(incoming.with(body), reply);
            }

            @Override
            public void onRefused(BodyRefused refused) {
                request.setAttribute(REFUSED, refusal(refused));
                async.dispatch(); // back to a request thread, where a body that is left unread is taken care of
            }
        });
    }

    /** What is left of the body is not worth reading, so the connection cannot serve another request. */
    private static Answer refusal(BodyRefused refused) {
        return Answer.problem(
                        refused.status(),
                        new Problem(
                                Problem.INVALID_REQUEST,
                                refused.getMessage(),
                                "Send a smaller body, and all of it at once."))
                .with("Connection", "close");
    }

    private static Incoming incoming(HttpServletRequest request, Endpoint endpoint, Caller caller) {
        Incoming.Headers headers = new Incoming.Headers(
                header(request, "Content-Type"),
                header(request, "Accept"),
                header(request, "Mcp-Session-Id"),
                header(request, "MCP-Protocol-Version"),
                header(request, "Last-Event-ID"));
        return new Incoming(request.getMethod(), endpoint, caller.name(), headers, new byte[0]);
    }

    private static String header(HttpServletRequest request, String name) {
        String value = request.getHeader(name);
        return value == null ? "" : value;
    }
}

package org.mcpservermanager.gateway;

import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.mcpservermanager.protocol.Revision;
import org.mcpservermanager.security.Caller;
import org.mcpservermanager.security.ProblemJson;
import org.mcpservermanager.security.Refusal;
import org.mcpservermanager.security.Role;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.stream.BodyReader;
import org.mcpservermanager.stream.BodyRefused;

/** The MCP endpoints in the container. Who may pass is decided here, on the parsed path, never on the text of the URL. */
@WebServlet(
        name = "mcp",
        urlPatterns = {"/mcp", "/sse", "/messages", "/ws", "/servers/*", "/groups/*"},
        asyncSupported = true)
public class McpServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final String REFUSED = McpServlet.class.getName() + ".refused";

    @Inject
    private transient GatewayParts parts;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        ServletReply reply = new ServletReply(request, response, parts.streams(), parts.waits());
        Optional<Endpoint> endpoint = Endpoint.of(request);
        Caller caller = Caller.of(request);
        if (request.getAttribute(REFUSED) instanceof Answer refused) {
            reply.answer(refused);
        } else if (!caller.may(Role.CALLER)) {
            Refusal.of(caller, Role.CALLER).map(McpServlet::refusal).ifPresent(reply::answer);
        } else if (endpoint.isEmpty()) {
            reply.answer(Answer.problem(
                    Answer.NOT_FOUND,
                    new Problem(
                            "not_found",
                            "There is nothing at this address.",
                            "Use /mcp, /servers/{id}/mcp or /groups/{name}/mcp.")));
        } else {
            serve(request, endpoint.get(), incoming(request, endpoint.get(), caller), reply);
        }
        reply.settle();
    }

    private static Answer refusal(Refusal refusal) {
        Answer answer =
                new Answer(refusal.status(), Map.of("Cache-Control", "no-store"), ProblemJson.bytes(refusal.problem()));
        return refusal.challenge().isEmpty() ? answer : answer.with("WWW-Authenticate", refusal.challenge());
    }

    private void serve(HttpServletRequest request, Endpoint endpoint, Incoming incoming, ServletReply reply)
            throws IOException {
        boolean posted = request.getMethod().equals("POST");
        switch (endpoint.kind()) {
            case MCP -> {
                if (posted) {
                    post(request, reply, incoming, parts.gateway()::handle);
                } else {
                    parts.gateway().handle(incoming, reply);
                }
            }
            case SSE -> parts.gateway().events(incoming, endpoint.messagesPath(request.getContextPath()), reply);
            case MESSAGES -> {
                if (posted) {
                    post(request, reply, incoming, parts.gateway()::message);
                } else {
                    parts.gateway().message(incoming, reply);
                }
            }
            case WS -> reply.answer(SocketFilter.noSocket());
        }
    }

    private void post(
            HttpServletRequest request, ServletReply reply, Incoming incoming, BiConsumer<Incoming, Reply> handler)
            throws IOException {
        BodyReader.Intake intake;
        try {
            intake = parts.bodies().begin(request);
        } catch (BodyRefused refused) {
            reply.answer(refusal(refused));
            return;
        }
        if (intake.isComplete()) {
            handler.accept(incoming.with(intake.bytes()), reply);
            return;
        }
        AsyncContext async = reply.goAsync();
        intake.readRest(async, new BodyReader.Receiver() {
            @Override
            public void onBody(byte[] body) {
                handler.accept(incoming.with(body), reply);
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

    static Incoming incoming(HttpServletRequest request, Endpoint endpoint, Caller caller) {
        String version = header(request, "MCP-Protocol-Version");
        Incoming.Headers headers = new Incoming.Headers(
                header(request, "Content-Type"),
                header(request, "Accept"),
                endpoint.kind() == Endpoint.Kind.MESSAGES
                        ? parameter(request, "sessionId")
                        : header(request, "Mcp-Session-Id"),
                version,
                header(request, "Last-Event-ID"),
                version.isEmpty() || Revision.isKnown(version) ? Map.of() : repeated(request));
        return new Incoming(
                request.getMethod(),
                endpoint.server(),
                endpoint.scope(),
                caller.name(),
                endpoint.front(),
                headers,
                new byte[0]);
    }

    /** From the query alone: asking the container may read the body. Session ids need no decoding. */
    private static String parameter(HttpServletRequest request, String name) {
        String query = request.getQueryString();
        return Stream.of((query == null ? "" : query).split("&"))
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> pair.substring(name.length() + 1))
                .findFirst()
                .orElse("");
    }

    /** Only stateless clients send them, and the others should not pay for that. */
    private static Map<String, List<String>> repeated(HttpServletRequest request) {
        Map<String, List<String>> found = new HashMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            String key = name.toLowerCase(Locale.ROOT);
            if (key.startsWith("mcp-")) {
                found.put(key, List.copyOf(Collections.list(request.getHeaders(name))));
            }
        }
        return found;
    }

    private static String header(HttpServletRequest request, String name) {
        String value = request.getHeader(name);
        return value == null ? "" : value;
    }
}

package org.mcpservermanager.manage.push;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.mcpservermanager.security.Caller;
import org.mcpservermanager.security.Refusal;
import org.mcpservermanager.security.Role;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.stream.EventStream;
import org.mcpservermanager.stream.EventStreams;

/**
 * {@code GET /api/mcp/events?server=a,b&types=server:error,server:stopped}: every event as it happens. A servlet and no JAX-RS
 * resource, because the streams of both servers' JAX-RS block a thread on a client that does not read.
 */
@WebServlet(name = "events", urlPatterns = EventsServlet.PATH, asyncSupported = true)
public class EventsServlet extends HttpServlet {
    static final String PATH = "/api/mcp/events";
    private static final long serialVersionUID = 1L;
    private transient EventHub hub;
    private transient EventStreams streams;

    @Inject
    void use(EventHub hub, EventStreams streams) {
        this.hub = hub;
        this.streams = streams;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<Refusal> refusal = Refusal.of(Caller.of(request), Role.VIEWER).or(() -> refuseMethod(request));
        if (refusal.isPresent()) {
            refusal.get().writeTo(response);
            return;
        }
        Subscription subscription;
        try {
            subscription = Subscription.parse(request.getParameter("server"), request.getParameter("types"));
        } catch (ProblemException e) {
            new Refusal(400, e.problem()).writeTo(response);
            return;
        }
        open(request, response, subscription);
    }

    private void open(HttpServletRequest request, HttpServletResponse response, Subscription subscription)
            throws IOException {
        String lastId = Optional.ofNullable(request.getHeader("Last-Event-ID")).orElse("");
        EventStream stream = streams.create();
        stream.comment("events");
        Optional<Runnable> end = hub.subscribe(subscription, lastId, stream::send);
        if (end.isEmpty()) {
            stream.close();
            busy().writeTo(response);
            return;
        }
        stream.onClose(end.get());
        try {
            stream.attach(request.startAsync());
        } catch (IOException | IllegalStateException e) {
            stream.close();
            throw e;
        }
    }

    private static Optional<Refusal> refuseMethod(HttpServletRequest request) {
        return request.getMethod().equals("GET")
                ? Optional.empty()
                : Optional.of(new Refusal(
                        405,
                        new Problem(
                                "method_not_allowed",
                                "This path does not take this method (expected: GET).",
                                "Use GET.")));
    }

    private static Refusal busy() {
        return new Refusal(
                503,
                new Problem(
                        "too_many_events",
                        "The manager has more events to hand on than it can.",
                        "Try again in a moment."));
    }
}

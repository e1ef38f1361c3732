package org.mcpservermanager.gateway;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.mcpservermanager.protocol.Batch;
import org.mcpservermanager.protocol.MalformedMessage;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.Text;

/** Streamable HTTP with sessions, revisions 2025-03-26 to 2025-11-25 (basic/transports of each). */
final class LegacyDialect implements Dialect {
    private static final int SESSION_NOT_FOUND = -32001;
    private static final List<String> LISTS =
            List.of(Method.TOOLS_LIST_CHANGED, Method.PROMPTS_LIST_CHANGED, Method.RESOURCES_LIST_CHANGED);

    private final Sessions sessions;
    private final Function<Session, Target> targets;
    private final Opening opening;

    LegacyDialect(Sessions sessions, Function<Session, Target> targets) {
        this.sessions = sessions;
        this.targets = targets;
        this.opening = new Opening(sessions, targets);
    }

    @Override
    public void post(Incoming request, Message message, Reply reply) {
        if (isInitialize(message)) {
            opening.initialize(request, message, reply);
            return;
        }
        Session session = session(request);
        if (message.kind() == Message.Kind.REQUEST) {
            begin(session, message, new Outlet(session.log(), reply, form(session, request)));
        } else {
            take(session, message);
            reply.answer(Answer.empty(Answer.ACCEPTED));
        }
    }

    @Override
    public void get(Incoming request, Reply reply) {
        if (!request.acceptsEvents()) {
            throw Refused.invalid(
                    Answer.NOT_ACCEPTABLE,
                    "Accept: \"" + Text.oneLine(request.headers().accept(), 80) + "\" (expected: text/event-stream)");
        }
        Session session = session(request);
        String lastEventId = request.headers().lastEventId();
        if (lastEventId.isEmpty()) {
            session.log().standalone().connect(opened(reply));
            return;
        }
        EventLog.Resumption resumption = session.log()
                .resumption(lastEventId)
                .orElseThrow(() -> Refused.invalid(
                        Answer.BAD_REQUEST,
                        "Last-Event-ID: \"" + Text.oneLine(lastEventId, 40)
                                + "\" (expected: an event of this session that is still kept)"));
        if (resumption.isOver()) {
            // The official TypeScript client resumes each stream that ended with an error response, and takes an empty
            // stream for the standalone one, which it then opens twice; after this status it leaves it at that.
            reply.answer(Answer.empty(Answer.METHOD_NOT_ALLOWED).with("Allow", "GET, POST, DELETE"));
            return;
        }
        resumption.connect(opened(reply));
    }

    @Override
    public void delete(Incoming request, Reply reply) {
        sessions.end(session(request), "the client ended the session");
        reply.answer(Answer.empty(Answer.NO_CONTENT));
    }

    /** Only revision 2025-03-26 has batches. */
    void batch(Incoming request, Reply reply) {
        Session session = session(request);
        if (!session.version().equals(Revisions.BATCHING)) {
            throw Refused.invalid(
                    Answer.BAD_REQUEST,
                    "The body is an array; protocol version " + session.version()
                            + " has no batches (expected: one message)");
        }
        List<Message> messages = messages(request.body());
        List<Message> requests = messages.stream()
                .filter(message -> message.kind() == Message.Kind.REQUEST)
                .toList();
        messages.stream()
                .filter(message -> message.kind() != Message.Kind.REQUEST)
                .forEach(message -> take(session, message));
        if (requests.isEmpty()) {
            reply.answer(Answer.empty(Answer.ACCEPTED));
            return;
        }
        Outlet outlet = new Outlet(session.log(), reply, form(session, request), requests.size());
        requests.forEach(message -> begin(session, message, outlet));
    }

    private static Sink opened(Reply reply) {
        Sink sink = reply.stream(Map.of());
        sink.open();
        return sink;
    }

    private static boolean isInitialize(Message message) {
        return message.kind() == Message.Kind.REQUEST && message.method().equals(Method.INITIALIZE);
    }

    static Outlet.Form form(Session session, Incoming request) {
        boolean prime = session.version().compareTo(Revisions.LATEST_LEGACY) >= 0;
        return new Outlet.Form(request.acceptsJson(), request.acceptsEvents(), prime, Map.of());
    }

    private Session session(Incoming request) {
        if (request.headers().sessionId().isEmpty()) {
            throw Refused.invalid(
                    Answer.BAD_REQUEST,
                    "Mcp-Session-Id header is missing (expected: the one sent with the answer to initialize)");
        }
        Session session = sessions.find(request)
                .or(() -> wake(request))
                .orElseThrow(() -> new Refused(Answer.error(
                        Answer.NOT_FOUND,
                        "",
                        RpcError.of(SESSION_NOT_FOUND, "Session not found; start a new one by initialize"))));
        session.touch();
        return session;
    }

    /** Goes on with a session of an earlier manager, unless its server is gone. */
    private Optional<Session> wake(Incoming request) {
        Optional<Sessions.Woken> woken = sessions.wake(request, made -> made.aim(targets.apply(made)));
        return woken.filter(found -> found.toResume().isEmpty()
                        || resume(found.session(), found.toResume().get()))
                .map(Sessions.Woken::session);
    }

    private boolean resume(Session session, SessionWishes wishes) {
        if (!session.resume(wishes)) {
            sessions.end(session, "its server is gone");
            return false;
        }
        if (session.server().isEmpty()) {
            LISTS.forEach(method -> session.log()
                    .standalone()
                    .sendUnlessWaiting(Message.notification(method, "").bytes()));
        }
        return true;
    }

    private static void begin(Session session, Message message, Outlet outlet) {
        Posted call = new Posted(session, message, outlet);
        switch (session.admit(call)) {
            case ADMITTED -> run(session, call);
            case ID_IN_USE ->
                outlet.respond(error(
                        message,
                        RpcError.INVALID_REQUEST,
                        "Request id " + message.id() + " is in use by a request that is not answered yet"));
            case TOO_MANY ->
                outlet.respond(error(
                        message,
                        RpcError.INTERNAL_ERROR,
                        "Too many requests of this session are not answered yet; retry later"));
        }
    }

    private static void run(Session session, Posted call) {
        try {
            switch (call.request().method()) {
                case Method.PING -> call.complete(Message.result(call.request().id(), "{}"));
                case Method.INITIALIZE ->
                    call.complete(
                            error(call.request(), RpcError.INVALID_REQUEST, "initialize must not be part of a batch"));
                default -> call.begun(session.target().request(call));
            }
        } catch (RuntimeException bug) {
            call.complete(Message.error(call.request().id(), Gateway.internal(bug)));
        }
    }

    private static Message error(Message request, int code, String message) {
        return Message.error(request.id(), RpcError.of(code, message));
    }

    /** A notification, or the answer to a question; answers that nobody waits for (any more) are ignored. */
    private static void take(Session session, Message message) {
        if (message.kind() != Message.Kind.NOTIFICATION) {
            session.questions().answer(message);
            return;
        }
        switch (message.method()) {
            case Method.INITIALIZED -> {
                // the handshake with the server is the manager's own and long over
            }
            case Method.CANCELLED -> {
                String reason = Text.oneLine(message.param("reason"), 200);
                session.cancel(message.rawParam("requestId"), reason.isEmpty() ? "no reason given" : reason);
            }
            default -> session.target().notification(message);
        }
    }

    private static List<Message> messages(byte[] body) {
        try {
            return Batch.split(body).stream().map(Gateway::parse).toList();
        } catch (MalformedMessage malformed) {
            throw new Refused(Answer.error(Answer.BAD_REQUEST, "", malformed.error()));
        }
    }
}

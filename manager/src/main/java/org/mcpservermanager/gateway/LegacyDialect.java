package org.mcpservermanager.gateway;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.mcpservermanager.protocol.Batch;
import org.mcpservermanager.protocol.MalformedMessage;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.server.Text;

/** Streamable HTTP with sessions, revisions 2025-03-26 to 2025-11-25 (basic/transports of each). */
final class LegacyDialect implements Dialect {
    private final Sessions sessions;
    private final Lookup lookup;
    private final Opening opening;
    private final Priming priming;

    LegacyDialect(Sessions sessions, Function<Session, Target> targets, ScheduledExecutorService timer) {
        this.priming = new Priming(timer);
        this.sessions = sessions;
        this.lookup = new Lookup(sessions, targets);
        this.opening = new Opening(sessions, targets);
    }

    @Override
    public void post(Incoming request, Message message, Reply reply) {
        if (isInitialize(message)) {
            opening.initialize(request, message, new HttpDoor(request, reply));
            return;
        }
        Session session = session(request);
        if (message.kind() == Message.Kind.REQUEST) {
            Outlet outlet = new Outlet(session.log(), reply, form(session, request), message.id());
            Inbound.begin(session, message, outlet);
            priming.watch(outlet);
        } else {
            Inbound.take(session, message);
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
                .forEach(message -> Inbound.take(session, message));
        if (requests.isEmpty()) {
            reply.answer(Answer.empty(Answer.ACCEPTED));
            return;
        }
        Outlet outlet = new Outlet(session.log(), reply, form(session, request), requests.size());
        requests.forEach(message -> Inbound.begin(session, message, outlet));
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
        return lookup.session(request);
    }

    private static List<Message> messages(byte[] body) {
        try {
            return Batch.split(body).stream().map(Gateway::parse).toList();
        } catch (MalformedMessage malformed) {
            throw new Refused(Answer.error(Answer.BAD_REQUEST, "", malformed.error()));
        }
    }
}

package org.mcpservermanager.gateway;

import java.util.Map;
import java.util.Optional;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Text;

/**
 * HTTP with SSE as in revision 2024-11-05 (basic/transports): a stream on which everything is heard, and an address to post to,
 * told by its first event. Streams go on where they broke when the client names the last event, which browsers' EventSource and
 * its imitations do by themselves.
 */
final class SseDialect {
    private final Lines lines;
    private final Lookup lookup;

    SseDialect(Lines lines, Lookup lookup) {
        this.lines = lines;
        this.lookup = lookup;
    }

    /** @param messages the path to post to */
    void get(Incoming request, String messages, Reply reply) {
        if (!request.acceptsEvents()) {
            throw Refused.invalid(
                    Answer.NOT_ACCEPTABLE,
                    "Accept: \"" + Text.oneLine(request.headers().accept(), 80) + "\" (expected: text/event-stream)");
        }
        String last = request.headers().lastEventId();
        int dot = last.indexOf('.');
        if (dot > 0) {
            resume(request.withSession(last.substring(0, dot)), last.substring(dot + 1), messages, reply);
            return;
        }
        lines.requireRoom();
        Incoming opened = request.withSession(lines.newId());
        Sink sink = connected(opened, reply);
        lines.open(opened, sink);
        tellEndpoint(sink, opened, messages); // once it can be posted to
    }

    private void resume(Incoming request, String lastEvent, String messages, Reply reply) {
        Session session = lookup.session(request);
        Optional<EventLog.Resumption> gap = session.log().resumption(lastEvent);
        Sink sink = connected(request, reply);
        tellEndpoint(sink, request, messages);
        gap.ifPresentOrElse(
                resumption -> resumption.connect(sink),
                () -> session.log().standalone().connect(sink));
        sink.onClose(() -> lines.expire(session));
    }

    private static Sink connected(Incoming request, Reply reply) {
        return new SessionSink(request.headers().sessionId(), reply.stream(Map.of()));
    }

    private static void tellEndpoint(Sink sink, Incoming request, String messages) {
        String id = request.headers().sessionId();
        String search = request.scope().search() ? "&" + Endpoint.SEARCH : "";
        sink.announce("endpoint", id + ".", messages + "?sessionId=" + id + search);
    }

    void post(Incoming request, Message message, Reply reply) {
        if (request.headers().sessionId().isEmpty()) {
            throw Refused.invalid(
                    Answer.BAD_REQUEST,
                    "sessionId is missing in the query (expected: the address told by the event \"endpoint\")");
        }
        Optional<Line> line = lines.find(request);
        if (line.isPresent()) {
            reply.answer(Answer.empty(Answer.ACCEPTED));
            line.get().receive(message);
        } else {
            Session session = lookup.session(request);
            reply.answer(Answer.empty(Answer.ACCEPTED));
            Line.receive(session, message);
        }
    }

    /** Puts the session's id into those of its events: the client sends the last one back when it connects again. */
    private record SessionSink(String session, Sink sink) implements Sink {
        @Override
        public boolean isBehind() {
            return sink.isBehind();
        }

        @Override
        public boolean send(String id, byte[] message) {
            return sink.send(session + "." + id, message);
        }

        @Override
        public void announce(String event, String id, String data) {
            sink.announce(event, id, data);
        }

        @Override
        public void end() {
            sink.end();
        }

        @Override
        public void open() {
            sink.open();
        }

        @Override
        public void onClose(Runnable listener) {
            sink.onClose(listener);
        }
    }
}

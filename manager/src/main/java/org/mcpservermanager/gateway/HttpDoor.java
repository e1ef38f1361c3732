package org.mcpservermanager.gateway;

import java.util.Map;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Problem;

/** Answers the POST that carried initialize. */
record HttpDoor(Incoming request, Reply reply) implements Opening.Door {
    private static final String SESSION_ID = "Mcp-Session-Id";

    @Override
    public void opened(Session session, Message answer) {
        outlet(session, Map.of(SESSION_ID, session.id())).respond(answer);
    }

    @Override
    public void refused(Session session, Message error) {
        outlet(session, Map.of()).respond(error);
    }

    @Override
    public void absent(Problem server) {
        reply.answer(Answer.problem(Answer.NOT_FOUND, server));
    }

    @Override
    public void broken(Message error) {
        reply.answer(new Answer(Answer.INTERNAL_ERROR, Map.of(), error.bytes()));
    }

    /** The answer to initialize is no place to resume from. */
    private Outlet outlet(Session session, Map<String, String> headers) {
        return new Outlet(
                session.log(),
                reply,
                new Outlet.Form(request.acceptsJson(), request.acceptsEvents(), false, headers),
                "");
    }
}

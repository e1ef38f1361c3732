package org.mcpservermanager.gateway;

import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.Text;

/** What a client says in its session, however it came. */
final class Inbound {
    private Inbound() {}

    /** A request; its answer, and what comes before it, leaves by the outlet. */
    static void begin(Session session, Message message, Outlet outlet) {
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
                    call.complete(error(
                            call.request(),
                            RpcError.INVALID_REQUEST,
                            "initialize must be the first request of a session, and in no batch"));
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
    static void take(Session session, Message message) {
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
}

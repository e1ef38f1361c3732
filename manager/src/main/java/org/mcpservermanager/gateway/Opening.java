package org.mcpservermanager.gateway;

import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;

/** Answers initialize: makes the session and opens what stands behind it. */
final class Opening {
    private static final String SESSION_ID = "Mcp-Session-Id";

    private final Sessions sessions;
    private final Function<Session, Target> targets;

    Opening(Sessions sessions, Function<Session, Target> targets) {
        this.sessions = sessions;
        this.targets = targets;
    }

    void initialize(Incoming request, Message message, Reply reply) {
        Profile profile = profile(message);
        if (!sessions.hasRoomFor(request.caller())) {
            throw new Refused(Answer.error(
                            Answer.TOO_MANY_REQUESTS,
                            message.id(),
                            RpcError.of(RpcError.INTERNAL_ERROR, "Too many client sessions; end one, or retry later"))
                    .with("Retry-After", "60"));
        }
        Session session = sessions.create(request, profile);
        session.aim(targets.apply(session));
        session.target().open().whenComplete((greeting, failure) -> {
            if (failure == null) {
                greet(session, greeting, request, message, reply);
            } else {
                session.close("initialize failed");
                fail(failure, session, request, message, reply);
            }
        });
    }

    private void greet(Session session, Target.Greeting greeting, Incoming request, Message message, Reply reply) {
        session.agreeOn(greeting.version());
        sessions.add(session);
        outlet(session, request, reply, Map.of(SESSION_ID, session.id()))
                .respond(Message.result(message.id(), greeting.result()));
    }

    private static void fail(Throwable failure, Session session, Incoming request, Message message, Reply reply) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (!(cause instanceof ProblemException known)) {
            RuntimeException bug = cause instanceof RuntimeException runtime ? runtime : new CompletionException(cause);
            reply.answer(Answer.error(Answer.INTERNAL_ERROR, message.id(), Gateway.internal(bug)));
        } else if (known.problem().code().equals(Problem.SERVER_NOT_FOUND)) {
            reply.answer(Answer.problem(Answer.NOT_FOUND, known.problem()));
        } else {
            outlet(session, request, reply, Map.of())
                    .respond(Message.error(message.id(), unavailable(known.problem())));
        }
    }

    static RpcError unavailable(Problem problem) {
        String data =
                "{\"code\":" + JsonText.quote(problem.code()) + ",\"remedy\":" + JsonText.quote(problem.remedy()) + "}";
        return new RpcError(RpcError.SERVER_UNAVAILABLE, problem.message(), data);
    }

    /** The answer to initialize is no place to resume from. */
    private static Outlet outlet(Session session, Incoming request, Reply reply, Map<String, String> headers) {
        return new Outlet(
                session.log(), reply, new Outlet.Form(request.acceptsJson(), request.acceptsEvents(), false, headers));
    }

    private static Profile profile(Message message) {
        String requested = message.param("protocolVersion");
        String capabilities = message.rawParam("capabilities");
        String clientInfo = message.rawParam("clientInfo");
        if (requested.isEmpty()) {
            throw invalid(message, "initialize: params.protocolVersion is missing (expected: a protocol revision)");
        }
        if (isNoObject(capabilities) || isNoObject(clientInfo)) {
            throw invalid(message, "initialize: params.capabilities and params.clientInfo must be objects");
        }
        boolean interactive = Stream.of("elicitation", "sampling", "roots")
                .anyMatch(question -> RawJson.declares(capabilities, question));
        return new Profile(
                Revisions.answerTo(requested),
                capabilities.isEmpty() ? "{}" : capabilities,
                clientInfo.isEmpty() ? "{\"name\":\"unknown\",\"version\":\"0\"}" : clientInfo,
                interactive);
    }

    private static boolean isNoObject(String json) {
        return !json.isEmpty() && !json.startsWith("{");
    }

    private static Refused invalid(Message message, String what) {
        return new Refused(Answer.error(Answer.OK, message.id(), RpcError.of(RpcError.INVALID_PARAMS, what)));
    }
}

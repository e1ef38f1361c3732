package org.mcpservermanager.gateway;

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
    private final Sessions sessions;
    private final Function<Session, Target> targets;

    Opening(Sessions sessions, Function<Session, Target> targets) {
        this.sessions = sessions;
        this.targets = targets;
    }

    /** How the client is told what came of it; one of these is called, once. */
    interface Door {
        void opened(Session session, Message answer);

        /** By the server, or because it is not there just now. */
        void refused(Session session, Message error);

        void absent(Problem server);

        /** A defect of ours. */
        void broken(Message error);
    }

    void initialize(Incoming request, Message message, Door door) {
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
                session.agreeOn(greeting.version());
                sessions.add(session);
                door.opened(session, Message.result(message.id(), greeting.result()));
            } else {
                session.close("initialize failed");
                fail(failure, session, message, door);
            }
        });
    }

    private static void fail(Throwable failure, Session session, Message message, Door door) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (!(cause instanceof ProblemException known)) {
            RuntimeException bug = cause instanceof RuntimeException runtime ? runtime : new CompletionException(cause);
            door.broken(Message.error(message.id(), Gateway.internal(bug)));
        } else if (known.problem().code().equals(Problem.SERVER_NOT_FOUND)) {
            door.absent(known.problem());
        } else {
            door.refused(session, Message.error(message.id(), unavailable(known.problem())));
        }
    }

    static RpcError unavailable(Problem problem) {
        String data =
                "{\"code\":" + JsonText.quote(problem.code()) + ",\"remedy\":" + JsonText.quote(problem.remedy()) + "}";
        return new RpcError(RpcError.SERVER_UNAVAILABLE, problem.message(), data);
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

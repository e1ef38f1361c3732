package org.mcpservermanager.gateway;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;

/** Finds the session that a request names, also one of an earlier manager. */
final class Lookup {
    private static final int SESSION_NOT_FOUND = -32001;
    private static final List<String> LISTS =
            List.of(Method.TOOLS_LIST_CHANGED, Method.PROMPTS_LIST_CHANGED, Method.RESOURCES_LIST_CHANGED);

    private final Sessions sessions;
    private final Function<Session, Target> targets;

    Lookup(Sessions sessions, Function<Session, Target> targets) {
        this.sessions = sessions;
        this.targets = targets;
    }

    /** Throws {@link Refused} when there is none, which makes clients initialize again. */
    Session session(Incoming request) {
        Session session = sessions.find(request)
                .or(() -> wake(request))
                .orElseThrow(() -> new Refused(Answer.error(
                        Answer.NOT_FOUND,
                        "",
                        RpcError.of(SESSION_NOT_FOUND, "Session not found; start a new one by initialize"))));
        session.touch();
        return session;
    }

    private Optional<Session> wake(Incoming request) {
        return sessions.wake(request, made -> made.aim(targets.apply(made)))
                .filter(found -> found.toResume().isEmpty()
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
}

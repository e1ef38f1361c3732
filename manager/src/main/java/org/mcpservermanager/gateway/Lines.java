package org.mcpservermanager.gateway;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.mcpservermanager.protocol.RpcError;

/** The connections of clients that hear everything on one: bounded in number, ended when nobody initializes on them. */
final class Lines {
    private static final Duration INITIALIZE_WITHIN = Duration.ofMinutes(1);
    /** How long a client may take to connect again before it is taken for gone. */
    private static final Duration RECONNECT_WITHIN = Duration.ofSeconds(10);

    private final Sessions sessions;
    private final Opening opening;
    private final ScheduledExecutorService timer;
    private final int linesMax;
    private final Map<String, Line> open = new ConcurrentHashMap<>(); // by the id of the session

    Lines(
            Sessions sessions,
            Function<Session, Target> targets,
            ScheduledExecutorService timer,
            GatewaySettings.Sessions limits) {
        this.sessions = sessions;
        this.opening = new Opening(sessions, targets);
        this.timer = timer;
        this.linesMax = limits.sessionsMax();
    }

    /** Throws {@link Refused} when there are too many. */
    void requireRoom() {
        if (open.size() >= linesMax) {
            throw new Refused(Answer.error(
                            Answer.TOO_MANY_REQUESTS,
                            "",
                            RpcError.of(RpcError.INTERNAL_ERROR, "Too many open connections; retry later"))
                    .with("Retry-After", "60"));
        }
    }

    String newId() {
        return sessions.newId();
    }

    /** @param request with the id that the session will have */
    Line open(Incoming request, Sink sink) {
        String id = request.headers().sessionId();
        Line line = new Line(request, sink, opening, whenLost(request.front()));
        open.put(id, line);
        line.watch();
        sink.onClose(() -> open.remove(id, line));
        timer.schedule(() -> endUnused(line), INITIALIZE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        return line;
    }

    Optional<Line> find(Incoming request) {
        return Optional.ofNullable(open.get(request.headers().sessionId())).filter(line -> line.isOf(request));
    }

    private static void endUnused(Line line) {
        if (!line.hasSession()) {
            line.end();
        }
    }

    private Consumer<Session> whenLost(Front front) {
        return front == Front.SOCKET
                ? session -> sessions.end(session, "the client closed its connection")
                : this::expire;
    }

    /** Ends the session unless its client comes back soon. */
    void expire(Session session) {
        if (!session.isClosed()) {
            timer.schedule(
                    () -> {
                        if (!session.log().standalone().isConnected()) {
                            sessions.end(session, "the client closed its connection");
                        }
                    },
                    RECONNECT_WITHIN.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }
}

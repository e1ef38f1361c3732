package org.mcpservermanager.gateway;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.server.ServerId;

/** All client sessions: bounded in number, ended when idle, written down for the next manager. */
final class Sessions implements AutoCloseable {
    private static final int ID_BYTES = 24; // 192 bits
    private static final Duration SWEEP_MAX = Duration.ofMinutes(1);
    private static final Duration EVICTABLE_AFTER = Duration.ofMinutes(1);

    private final GatewaySettings settings;
    private final ScheduledExecutorService timer;
    private final SessionBook book;
    private final Dormant dormant;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Session> byId = new ConcurrentHashMap<>();
    private final Future<?> sweep;
    private volatile boolean closing;

    Sessions(GatewaySettings settings, ScheduledExecutorService timer, SessionBook book) {
        this.settings = settings;
        this.timer = timer;
        this.book = book;
        this.dormant = new Dormant(book, settings.sessions());
        long period = Math.max(
                1, Math.min(SWEEP_MAX.toMillis(), settings.sessions().idle().toMillis() / 4));
        this.sweep = timer.scheduleWithFixedDelay(this::endIdle, period, period, TimeUnit.MILLISECONDS);
    }

    /** A session that cannot be found before {@link #add}; on a line, the request has the id that it was promised. */
    Session create(Incoming request, Profile profile) {
        String id = request.front() == Front.HTTP ? newId() : request.headers().sessionId();
        return create(new Session.Origin(id, request.caller(), request.server(), request.front(), profile), "");
    }

    private Session create(Session.Origin origin, String life) {
        GatewaySettings.Sessions limits = settings.sessions();
        return new Session(
                origin,
                new EventLog(life, limits.replayEvents(), limits.replayBytes()),
                new Questions(settings.questions(), timer),
                limits.callsMax(),
                this::keep);
    }

    /** Makes room by ending a session that nobody used for a while; false when there is none. */
    boolean hasRoomFor(String owner) {
        if (byId.size() < settings.sessions().sessionsMax()) {
            return true;
        }
        Optional<Session> victim = longestIdle(session -> session.owner().equals(owner))
                .or(() -> longestIdle(session -> session.idleNanos() > EVICTABLE_AFTER.toNanos()));
        victim.ifPresent(session -> end(session, "the session made room for another"));
        return victim.isPresent();
    }

    void add(Session session) {
        byId.put(session.id(), session);
        keep(session);
    }

    Optional<Session> find(Incoming request) {
        Session session = byId.get(request.headers().sessionId());
        return session == null || !session.belongsTo(request) ? Optional.empty() : Optional.of(session);
    }

    /**
     * Takes up the session that an earlier manager had under this id; empty when there is none for this caller. To be resumed by
     * the one caller that is told so.
     *
     * @param aim gives it what stands behind it
     */
    Optional<Woken> wake(Incoming request, Consumer<Session> aim) {
        String id = request.headers().sessionId();
        Optional<SessionState> state = dormant.find(id).filter(kept -> isOf(kept, request));
        if (state.isEmpty() || !hasRoomFor(request.caller())) {
            return find(request).map(awake -> new Woken(awake, Optional.empty()));
        }
        SessionState known = state.get();
        Session made = create(
                new Session.Origin(id, known.owner(), known.server(), known.front(), known.profile()),
                Long.toString(System.currentTimeMillis(), Character.MAX_RADIX));
        made.agreeOn(known.version());
        aim.accept(made);
        Session before = byId.putIfAbsent(id, made);
        dormant.remove(id);
        return Optional.of(
                before == null ? new Woken(made, Optional.of(known.wishes())) : new Woken(before, Optional.empty()));
    }

    /** @param toResume by whoever got it; empty for all who come after */
    record Woken(Session session, Optional<SessionWishes> toResume) {}

    private static boolean isOf(SessionState kept, Incoming request) {
        return kept.owner().equals(request.caller())
                && kept.server().equals(request.server())
                && kept.front() == request.front();
    }

    void end(Session session, String reason) {
        if (byId.remove(session.id(), session)) {
            session.close(reason);
            if (!closing) {
                book.forget(SessionState.key(session.id()));
            }
        }
    }

    void endAll(Predicate<Session> which, String reason) {
        all().stream().filter(which).forEach(session -> end(session, reason));
    }

    void endAllOf(ServerId server, String reason) {
        endAll(session -> session.server().filter(server::equals).isPresent(), reason);
        dormant.forgetAllOf(server);
    }

    List<Session> all() {
        return List.copyOf(byId.values());
    }

    int count() {
        return byId.size();
    }

    void endIdle() {
        long idleMax = settings.sessions().idle().toNanos();
        endAll(session -> session.idleNanos() > idleMax && !session.isBusy(), "the session was idle");
        dormant.forgetIdle();
        long keptBefore =
                System.currentTimeMillis() - settings.sessions().idle().toMillis() / 4;
        byId.values().stream()
                .filter(session -> session.keptMillis() < keptBefore)
                .filter(session -> session.isBusy() || session.idleNanos() < idleMax / 4)
                .forEach(this::keep);
    }

    /** What the next manager must know of it; too much for the book is kept not at all, rather than in part. */
    private void keep(Session session) {
        if (session.front() == Front.SOCKET || !byId.containsKey(session.id())) { // still being opened, or ended
            return;
        }
        long now = System.currentTimeMillis();
        String key = SessionState.key(session.id());
        String state = session.state().toJson();
        session.kept(now);
        if (state.length() > SessionState.LENGTH_MAX) {
            book.forget(key);
        } else {
            book.keep(new KeptSession(key, state, Instant.ofEpochMilli(now)));
            if (!byId.containsKey(session.id()) && !closing) { // ended meanwhile
                book.forget(key);
            }
        }
    }

    @Override
    public void close() {
        sweep.cancel(false);
        long second = System.currentTimeMillis() - 1_000;
        byId.values().stream().filter(session -> session.keptMillis() < second).forEach(this::keep);
        closing = true;
        endAll(session -> true, "the manager is shutting down");
    }

    private Optional<Session> longestIdle(Predicate<Session> which) {
        return byId.values().stream()
                .filter(session -> !session.isBusy())
                .filter(which)
                .max(Comparator.comparingLong(Session::idleNanos));
    }

    String newId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}

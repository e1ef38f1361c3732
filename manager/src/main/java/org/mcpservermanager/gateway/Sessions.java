package org.mcpservermanager.gateway;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.mcpservermanager.conversation.Profile;

/** All client sessions: bounded in number, ended when idle. */
final class Sessions implements AutoCloseable {
    private static final int ID_BYTES = 24; // 192 bits
    private static final Duration SWEEP_MAX = Duration.ofMinutes(1);
    private static final Duration EVICTABLE_AFTER = Duration.ofMinutes(1);

    private final GatewaySettings settings;
    private final ScheduledExecutorService timer;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Session> byId = new ConcurrentHashMap<>();
    private final Future<?> sweep;

    Sessions(GatewaySettings settings, ScheduledExecutorService timer) {
        this.settings = settings;
        this.timer = timer;
        long period = Math.max(
                1, Math.min(SWEEP_MAX.toMillis(), settings.sessions().idle().toMillis() / 4));
        this.sweep = timer.scheduleWithFixedDelay(this::endIdle, period, period, TimeUnit.MILLISECONDS);
    }

    /** A session that cannot be found before {@link #add}. */
    Session create(Incoming request, Profile profile) {
        GatewaySettings.Sessions limits = settings.sessions();
        return new Session(
                new Session.Origin(newId(), request.caller(), request.endpoint(), profile),
                new EventLog(limits.replayEvents(), limits.replayBytes()),
                new Questions(settings.questions(), timer),
                limits.callsMax());
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
    }

    Optional<Session> find(Incoming request) {
        Session session = byId.get(request.headers().sessionId());
        return session == null || !session.belongsTo(request) ? Optional.empty() : Optional.of(session);
    }

    void end(Session session, String reason) {
        if (byId.remove(session.id(), session)) {
            session.close(reason);
        }
    }

    void endAll(Predicate<Session> which, String reason) {
        all().stream().filter(which).forEach(session -> end(session, reason));
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
    }

    @Override
    public void close() {
        sweep.cancel(false);
        endAll(session -> true, "the manager is shutting down");
    }

    private Optional<Session> longestIdle(Predicate<Session> which) {
        return byId.values().stream()
                .filter(session -> !session.isBusy())
                .filter(which)
                .max(Comparator.comparingLong(Session::idleNanos));
    }

    private String newId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}

package org.mcpservermanager.gateway;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.server.ServerId;

/**
 * The sessions that an earlier manager left and whose clients were not heard of since. Their idle time begins anew with this
 * manager: while there was none, they could not be used.
 */
final class Dormant {
    private static final Logger LOG = Logger.getLogger(Dormant.class.getName());

    private final SessionBook book;
    private final long idleNanos;
    private final long since = System.nanoTime();
    private final Map<String, SessionState> byKey = new ConcurrentHashMap<>(); // only ever less

    Dormant(SessionBook book, GatewaySettings.Sessions limits) {
        this.book = book;
        this.idleNanos = limits.idle().toNanos();
        List<KeptSession> kept = book.kept();
        kept.stream().limit(limits.sessionsMax()).forEach(this::add);
        kept.stream().skip(limits.sessionsMax()).forEach(session -> book.forget(session.key()));
    }

    private void add(KeptSession session) {
        try {
            byKey.put(session.key(), SessionState.of(session.state()));
        } catch (RuntimeException unreadable) { // what a parser throws is many things, and means one: not ours
            LOG.log(
                    Level.WARNING,
                    "a client session that was kept cannot be read; its client has to initialize",
                    unreadable);
            book.forget(session.key());
        }
    }

    Optional<SessionState> find(String id) {
        return byKey.isEmpty() ? Optional.empty() : Optional.ofNullable(byKey.get(SessionState.key(id)));
    }

    void remove(String id) {
        byKey.remove(SessionState.key(id));
    }

    void forgetAllOf(ServerId server) {
        byKey.forEach((key, state) -> {
            if (state.server().filter(server::equals).isPresent()) {
                forget(key);
            }
        });
    }

    void forgetIdle() {
        if (!byKey.isEmpty() && System.nanoTime() - since > idleNanos) {
            byKey.keySet().forEach(this::forget);
        }
    }

    private void forget(String key) {
        if (byKey.remove(key) != null) {
            book.forget(key);
        }
    }
}

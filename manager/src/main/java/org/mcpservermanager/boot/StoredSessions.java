package org.mcpservermanager.boot;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import org.mcpservermanager.gateway.KeptSession;
import org.mcpservermanager.gateway.SessionBook;
import org.mcpservermanager.store.Backlog;
import org.mcpservermanager.store.StoredSession;
import org.mcpservermanager.store.WriteBehind;

/**
 * Writes client sessions to the database behind the back of the gateway. Only the newest state of each counts. Should more wait
 * than is bearable, because the database is away for long, all that is there is removed once it is back: a client that has to
 * initialize again is better off than one whose ended session comes back to life.
 */
final class StoredSessions implements SessionBook, AutoCloseable {
    private static final Duration KEPT_FOR = Duration.ofDays(1);
    private static final int SESSIONS_MAX = 10_000;

    private final Table table;
    private final WriteBehind behind;
    private final Clock clock;
    private final int waitingMax;
    private final Backlog<String, Optional<KeptSession>> waiting = new Backlog<>(); // empty: forget
    private boolean startOver; // guarded by this

    /** The sessions in the database; each call is one transaction. */
    interface Table {
        List<StoredSession> take(Instant since, int max);

        void save(List<StoredSession> sessions, List<String> removed);

        void clear();
    }

    /** @param writer one thread, owned from now on */
    StoredSessions(Table table, ExecutorService writer, ScheduledExecutorService timer, Clock clock) {
        this(table, writer, timer, clock, 2 * SESSIONS_MAX);
    }

    StoredSessions(Table table, ExecutorService writer, ScheduledExecutorService timer, Clock clock, int waitingMax) {
        this.table = table;
        this.behind = new WriteBehind("client sessions", this::writeAll, writer, timer);
        this.clock = clock;
        this.waitingMax = waitingMax;
    }

    @Override
    public List<KeptSession> kept() {
        return table.take(clock.instant().minus(KEPT_FOR), SESSIONS_MAX).stream()
                .map(row -> new KeptSession(row.key(), row.state(), row.usedAt()))
                .toList();
    }

    @Override
    public void keep(KeptSession session) {
        add(session.key(), Optional.of(session));
    }

    @Override
    public void forget(String key) {
        add(key, Optional.empty());
    }

    private synchronized void add(String key, Optional<KeptSession> change) {
        if (waiting.put(key, change) > waitingMax) {
            waiting.dropEldest();
            startOver = true;
        }
        behind.writeNow();
    }

    private void writeAll() {
        clearIfNeeded();
        waiting.write(this::save);
    }

    private void clearIfNeeded() {
        boolean needed;
        synchronized (this) {
            needed = startOver;
        }
        if (needed) {
            table.clear();
            synchronized (this) {
                startOver = false;
            }
        }
    }

    private void save(Map<String, Optional<KeptSession>> batch) {
        List<StoredSession> saved = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        batch.forEach((key, change) -> change.ifPresentOrElse(
                session -> saved.add(new StoredSession(key, session.state(), session.usedAt())),
                () -> removed.add(key)));
        table.save(saved, removed);
    }

    @Override
    public void close() {
        behind.close();
    }
}

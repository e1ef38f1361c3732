package org.mcpservermanager.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.gateway.KeptSession;
import org.mcpservermanager.store.StoredSession;

class StoredSessionsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T06:00:00Z");
    private final FakeTable table = new FakeTable();
    private final Steps writer = new Steps();
    private final Retries retries = new Retries();
    private final StoredSessions sessions =
            new StoredSessions(table, writer, retries, Clock.fixed(NOW, ZoneOffset.UTC), 3);

    @AfterEach
    void endTimer() {
        retries.shutdownNow();
    }

    private static KeptSession session(String key, String state) {
        return new KeptSession(key, state, NOW);
    }

    @Test
    void writesBehindTheBackOfWhoKeeps() {
        sessions.keep(session("a", "1"));
        assertEquals(Map.of(), table.rows);

        writer.runAll();
        assertEquals(Map.of("a", "1"), table.rows);
    }

    @Test
    void writesOnlyTheNewestOfEach() {
        sessions.keep(session("a", "1"));
        sessions.keep(session("a", "2"));
        sessions.keep(session("b", "1"));
        sessions.forget("b");

        writer.runAll();

        assertEquals(Map.of("a", "2"), table.rows);
        assertEquals(1, table.saves);
    }

    @Test
    void keepsWhatCameWhileItWrote() {
        sessions.keep(session("a", "1"));
        table.whileSaving = () -> sessions.keep(session("a", "2"));

        writer.runAll();

        assertEquals(Map.of("a", "2"), table.rows);
    }

    @Test
    void triesAgainUntilTheDatabaseTakesIt() {
        table.away = true;
        sessions.keep(session("a", "1"));
        writer.runAll();
        table.away = false;

        retries.runAll();
        writer.runAll();

        assertEquals(Map.of("a", "1"), table.rows);
    }

    @Test
    void startsOverWhenMoreWaitsThanIsBearable() {
        sessions.keep(session("old", "1"));
        writer.runAll();
        table.away = true;
        sessions.forget("old");
        List.of("a", "b", "c").forEach(key -> sessions.keep(session(key, "1")));
        writer.runAll();
        table.away = false;

        retries.runAll();
        writer.runAll();

        assertEquals(Map.of("a", "1", "b", "1", "c", "1"), table.rows);
    }

    @Test
    void asksForTheSessionsOfADay() {
        table.rows.put("a", "1");

        assertEquals(List.of(session("a", "1")), sessions.kept());
        assertEquals(NOW.minus(Duration.ofDays(1)), table.askedSince);
    }

    @Test
    void writesWhatWaitsBeforeItCloses() {
        sessions.keep(session("a", "1"));

        sessions.close();

        assertEquals(Map.of("a", "1"), table.rows);
        assertTrue(writer.isTerminated());
    }

    private static final class FakeTable implements StoredSessions.Table {
        final Map<String, String> rows = new LinkedHashMap<>();
        Runnable whileSaving = () -> {};
        Instant askedSince;
        int saves;
        boolean away;

        @Override
        public List<StoredSession> take(Instant since, int max) {
            askedSince = since;
            return rows.entrySet().stream()
                    .map(row -> new StoredSession(row.getKey(), row.getValue(), NOW))
                    .toList();
        }

        @Override
        public void save(List<StoredSession> sessions, List<String> removed) {
            requireThere();
            saves++;
            sessions.forEach(session -> rows.put(session.key(), session.state()));
            removed.forEach(rows::remove);
            Runnable once = whileSaving;
            whileSaving = () -> {};
            once.run();
        }

        @Override
        public void clear() {
            requireThere();
            rows.clear();
        }

        private void requireThere() {
            if (away) {
                throw new IllegalStateException("the database is away");
            }
        }
    }

    /** Runs its tasks when the test says so, or when it is closed. */
    private static final class Steps extends AbstractExecutorService {
        private final Queue<Runnable> tasks = new ArrayDeque<>();
        private boolean shutdown;

        void runAll() {
            while (!tasks.isEmpty()) {
                tasks.remove().run();
            }
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void shutdown() {
            shutdown = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            shutdown = true;
            return List.copyOf(tasks);
        }

        @Override
        public boolean isShutdown() {
            return shutdown;
        }

        @Override
        public boolean isTerminated() {
            return shutdown && tasks.isEmpty();
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            runAll();
            return true;
        }
    }

    /** A timer whose tasks run when the test says so. */
    private static final class Retries extends ScheduledThreadPoolExecutor {
        private final List<FutureTask<?>> due = new ArrayList<>();

        Retries() {
            super(0);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            due.add(new FutureTask<>(task, null));
            return super.schedule((Callable<Void>) () -> null, 1, TimeUnit.DAYS);
        }

        void runAll() {
            List.copyOf(due).forEach(FutureTask::run);
            due.clear();
        }
    }
}

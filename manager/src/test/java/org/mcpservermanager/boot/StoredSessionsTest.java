package org.mcpservermanager.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.fixture.HandExecutor;
import org.mcpservermanager.fixture.HandTimer;
import org.mcpservermanager.gateway.KeptSession;
import org.mcpservermanager.store.StoredSession;

class StoredSessionsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T06:00:00Z");
    private final FakeTable table = new FakeTable();
    private final HandExecutor writer = new HandExecutor();
    private final HandTimer retries = new HandTimer();
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
}

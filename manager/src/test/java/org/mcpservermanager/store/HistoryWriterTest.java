package org.mcpservermanager.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Health;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.StartStep;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.server.Wish;

class HistoryWriterTest {
    private static final ServerId ID = new ServerId("a");
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<Long> written = new ArrayList<>();
    private final List<Integer> batches = new ArrayList<>();
    private final List<Long> delays = new ArrayList<>();
    private final List<LogRecord> log = new ArrayList<>();
    private final HandTimer timer = new HandTimer();
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            log.add(entry);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final Logger logger = Logger.getLogger(HistoryWriter.class.getName());
    private boolean databaseAway;
    private HistoryWriter writerInCall;

    /** Keeps what it is given until the test runs it. */
    private final class HandTimer extends ScheduledThreadPoolExecutor {
        HandTimer() {
            super(0);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            delays.add(unit.toSeconds(delay));
            return super.schedule(task, 1, TimeUnit.DAYS);
        }

        void fire() {
            Runnable due = getQueue().peek();
            if (due == null) {
                throw new AssertionError("nothing is due");
            }
            getQueue().remove(due);
            due.run();
        }
    }

    @BeforeEach
    void listen() {
        logger.addHandler(listener);
        logger.setUseParentHandlers(false);
    }

    @AfterEach
    void end() {
        logger.removeHandler(listener);
        logger.setUseParentHandlers(true);
        timer.shutdownNow();
    }

    private void database(List<Transition> batch) {
        if (databaseAway) {
            throw new IllegalStateException("no database");
        }
        batches.add(batch.size());
        batch.forEach(transition -> written.add(transition.generation()));
    }

    private HistoryWriter writer(int waitingMax) {
        return new HistoryWriter(this::database, tasks::add, timer, waitingMax);
    }

    private void runTasks() {
        while (!tasks.isEmpty()) {
            tasks.poll().run();
        }
    }

    static Event change(long generation) {
        ServerSpec spec = ServerSpec.of(ID, new Wire.Stdio("c", List.of(), Map.of(), ""), "test");
        Snapshot snapshot = new Snapshot(
                spec,
                Wish.UP,
                Phase.BACKOFF,
                StartStep.NONE,
                Health.UNKNOWN,
                generation,
                Snapshot.Counts.NONE,
                Snapshot.Running.NONE,
                Snapshot.Failure.NONE);
        return new Event.PhaseChanged(
                ID,
                generation,
                Phase.RUNNING,
                Phase.BACKOFF,
                Optional.of(new Problem("process_exited", "m", "r")),
                Optional.of(new Exit(1, 0)),
                snapshot,
                Instant.EPOCH);
    }

    private static void publish(HistoryWriter writer, int from, int to) {
        IntStream.rangeClosed(from, to).forEach(generation -> writer.accept(change(generation)));
    }

    private static List<Long> range(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Long::valueOf).toList();
    }

    private List<String> warnings() {
        return log.stream()
                .filter(entry -> entry.getLevel().equals(Level.WARNING))
                .map(LogRecord::getMessage)
                .toList();
    }

    @Test
    void writesInOrderAndInBatches() {
        HistoryWriter writer = writer(1000);
        writer.accept(new Event.ListChanged(ID, "notifications/tools/list_changed", Instant.EPOCH));
        publish(writer, 1, 450);

        runTasks();

        assertEquals(range(1, 450), written);
        assertEquals(List.of(200, 200, 50), batches);
        assertEquals(0, writer.waiting());
    }

    @Test
    void doesNotTouchTheDatabaseInThePublishersThread() {
        HistoryWriter writer = writer(10);
        databaseAway = true;

        publish(writer, 1, 3);

        assertEquals(1, tasks.size());
        assertEquals(List.of(), delays);
        assertEquals(3, writer.waiting());
    }

    @Test
    void triesAgainWithGrowingPausesAndWarnsOncePerOutage() {
        HistoryWriter writer = writer(10);
        databaseAway = true;
        publish(writer, 1, 2);
        runTasks();
        for (int i = 0; i < 6; i++) {
            publish(writer, 3 + i, 3 + i);
            timer.fire();
            runTasks();
        }
        databaseAway = false;
        timer.fire();
        runTasks();

        assertEquals(List.of(1L, 2L, 4L, 8L, 16L, 30L, 30L), delays);
        assertEquals(range(1, 8), written);
        assertEquals(1, warnings().size(), warnings()::toString);
        assertEquals(0, writer.dropped());
    }

    @Test
    void warnsAgainInTheNextOutage() {
        HistoryWriter writer = writer(10);
        for (int outage = 1; outage <= 2; outage++) {
            databaseAway = true;
            publish(writer, outage, outage);
            runTasks();
            databaseAway = false;
            timer.fire();
            runTasks();
        }

        assertEquals(2, warnings().size());
        assertEquals(range(1, 2), written);
    }

    @Test
    void dropsTheOldestWithOneWarning() {
        HistoryWriter writer = writer(5);
        databaseAway = true;
        publish(writer, 1, 5);
        runTasks();

        publish(writer, 6, 12);

        assertEquals(7, writer.dropped());
        databaseAway = false;
        timer.fire();
        runTasks();
        assertEquals(range(8, 12), written);
        assertEquals(
                1,
                warnings().stream()
                        .filter(w -> w.contains("oldest are dropped"))
                        .count());
    }

    @Test
    void holdsTheBoundWhenAFailedBatchComesBack() {
        HistoryWriter writer = new HistoryWriter(
                batch -> {
                    publish(writerInCall, 4, 6);
                    throw new IllegalStateException("no database");
                },
                tasks::add,
                timer,
                3);
        writerInCall = writer;
        publish(writer, 1, 3);

        runTasks();

        assertEquals(3, writer.waiting());
        assertEquals(3, writer.dropped());
    }

    @Test
    void writesTheRestAtTheEndWithoutWaitingForTheNextTry() {
        HistoryWriter writer = new HistoryWriter(this::database, Runnable::run, timer, 10);
        databaseAway = true;
        publish(writer, 1, 3);
        databaseAway = false;

        writer.close();
        publish(writer, 4, 4);

        assertEquals(range(1, 3), written);
        assertEquals(1, writer.dropped());
    }

    @Test
    void saysWhatWasLostAtTheEnd() {
        HistoryWriter writer = new HistoryWriter(this::database, Runnable::run, timer, 10);
        databaseAway = true;
        publish(writer, 1, 3);

        writer.close();

        assertTrue(warnings().stream().anyMatch(w -> w.contains("not written before the end")), warnings()::toString);
    }

    @Test
    void publishingGoesOnWhileTheDatabaseHangs() throws Exception {
        CountDownLatch inDatabase = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            HistoryWriter writer = new HistoryWriter(
                    batch -> {
                        inDatabase.countDown();
                        await(release);
                    },
                    executor,
                    timer,
                    100);
            publish(writer, 1, 1);
            assertTrue(inDatabase.await(20, TimeUnit.SECONDS));

            publish(writer, 2, 1000);

            assertEquals(100, writer.waiting());
            assertEquals(899, writer.dropped());
        } finally {
            release.countDown();
            executor.shutdown();
            assertTrue(executor.awaitTermination(20, TimeUnit.SECONDS));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("not released");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package org.mcpservermanager.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.fixture.HandExecutor;
import org.mcpservermanager.fixture.HandTimer;
import org.mcpservermanager.fixture.Warnings;
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
    private final HandExecutor executor = new HandExecutor();
    private final HandTimer timer = new HandTimer();
    private final List<Long> written = new ArrayList<>();
    private final List<Integer> batches = new ArrayList<>();
    private final Warnings warnings = Warnings.of(HistoryWriter.class);
    private boolean databaseAway;
    private HistoryWriter writerInCall;

    @AfterEach
    void end() {
        warnings.close();
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
        return writer(this::database, waitingMax);
    }

    private HistoryWriter writer(Consumer<List<Transition>> database, int waitingMax) {
        return new HistoryWriter(database, executor, timer, waitingMax);
    }

    private void write() {
        timer.runOut();
        executor.runAll();
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

    @Test
    void writesInOrderAndInBatches() {
        HistoryWriter writer = writer(1000);
        writer.accept(new Event.ListChanged(ID, "notifications/tools/list_changed", Instant.EPOCH));
        publish(writer, 1, 450);

        write();

        assertEquals(range(1, 450), written);
        assertEquals(List.of(200, 200, 50), batches);
        assertEquals(0, writer.waiting());
    }

    @Test
    void writesAllInOrderWhenTheDatabaseIsBack() {
        HistoryWriter writer = writer(10);
        databaseAway = true;
        publish(writer, 1, 2);
        write();
        publish(writer, 3, 8);
        databaseAway = false;

        write();

        assertEquals(range(1, 8), written);
        assertEquals(0, writer.dropped());
    }

    @Test
    void dropsTheOldestWithOneWarning() {
        HistoryWriter writer = writer(5);
        databaseAway = true;
        publish(writer, 1, 5);
        write();

        publish(writer, 6, 12);

        assertEquals(7, writer.dropped());
        databaseAway = false;
        write();
        assertEquals(range(8, 12), written);
        assertEquals(1, warnings.with("oldest are dropped"));
    }

    @Test
    void holdsTheBoundWhenAFailedBatchComesBack() {
        HistoryWriter writer = writer(
                batch -> {
                    publish(writerInCall, 4, 6);
                    throw new IllegalStateException("no database");
                },
                3);
        writerInCall = writer;
        publish(writer, 1, 3);

        write();

        assertEquals(3, writer.waiting());
        assertEquals(3, writer.dropped());
    }

    @Test
    void writesTheRestAtTheEndWithoutWaitingForTheNextTry() {
        HistoryWriter writer = writer(10);
        databaseAway = true;
        publish(writer, 1, 3);
        write();
        databaseAway = false;

        writer.close();
        publish(writer, 4, 4);

        assertEquals(range(1, 3), written);
        assertEquals(1, writer.dropped());
    }

    @Test
    void saysWhatWasLostAtTheEnd() {
        HistoryWriter writer = writer(10);
        databaseAway = true;
        publish(writer, 1, 3);

        writer.close();

        assertEquals(1, warnings.with("not written before the end"));
    }

    @Test
    void publishingGoesOnWhileTheDatabaseHangs() throws Exception {
        CountDownLatch inDatabase = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        HistoryWriter writer = new HistoryWriter(
                batch -> {
                    inDatabase.countDown();
                    await(release);
                },
                thread,
                timer,
                100);
        try {
            publish(writer, 1, 1);
            timer.runOut();
            assertTrue(inDatabase.await(20, TimeUnit.SECONDS));

            publish(writer, 2, 1000);

            assertEquals(100, writer.waiting());
            assertEquals(899, writer.dropped());
        } finally {
            release.countDown();
            writer.close();
        }
        assertTrue(thread.isTerminated());
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

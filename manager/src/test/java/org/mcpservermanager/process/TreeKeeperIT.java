package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mcpservermanager.server.Containment;
import org.mcpservermanager.server.Usage;

/** With processes that exist on paper only: no signal reaches them. */
@Tag("process")
@Timeout(30)
class TreeKeeperIT {
    private static final long PID = 2_000_000_000L;
    /** Nobody is in there. */
    private static final Enclosure EMPTY = new CgroupEnclosure(
            List.of(new ControlGroup(Path.of("/nowhere"), true)),
            List.of(),
            List.of(),
            Map.of(),
            Path.of("/"),
            Containment.Ceiling.NONE,
            groups -> {});

    private final PaperTable table = new PaperTable();
    private final Guardian nobody = new Guardian(List.of(), "");
    private final TreeKeeper keeper = new TreeKeeper(table, new Signals(table, nobody));

    @AfterEach
    void close() {
        keeper.close();
        nobody.close();
    }

    @Test
    void saysThatATreeCannotBeEndedAndLaterThatItIs() throws Exception {
        Log log = new Log();
        Kept kept = keep(PID, log);

        assertTrue(keeper.stop(kept, Duration.ZERO, Duration.ZERO));
        log.stuck.get(10, TimeUnit.SECONDS);
        assertFalse(log.empty.isDone());

        table.living.clear();
        keeper.leaderGone(kept);
        log.empty.get(10, TimeUnit.SECONDS);
        assertEquals(1, log.inputEnds.get());
    }

    @Test
    void isNotFooledByAProcessThatIsJustChangingItsProgram() throws Exception {
        Log log = new Log();
        Kept kept = keep(PID, log);
        table.living.clear();
        Seen daemon = new Seen(PID + 1, 1, PID + 1, 15, false);
        table.unclear.put(daemon.pid(), daemon);

        keeper.leaderGone(kept);
        Eventually.becomes(true, Duration.ofSeconds(5), () -> table.scans.get() >= 3);
        assertFalse(log.empty.isDone());

        table.unclear.clear();
        log.empty.get(10, TimeUnit.SECONDS);
    }

    @Test
    void doesNotWaitForEverForAProcessThatShowsNothing() throws Exception {
        Log log = new Log();
        Kept kept = keep(PID, log);
        table.living.clear();
        table.unclear.put(PID + 1, new Seen(PID + 1, 1, PID + 1, 15, false));

        keeper.leaderGone(kept);

        log.empty.get(10, TimeUnit.SECONDS);
    }

    @Test
    void looksOnceForManyTreesThatEndTogether() throws Exception {
        List<Log> logs = new ArrayList<>();
        List<Kept> trees = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Log log = new Log();
            logs.add(log);
            trees.add(keep(PID + i, log));
        }
        table.living.clear();
        table.gate = new CountDownLatch(1);

        trees.forEach(keeper::leaderGone);
        table.gate.countDown();
        for (Log log : logs) {
            log.empty.get(10, TimeUnit.SECONDS);
        }

        assertTrue(table.scans.get() <= 3, () -> "scans: " + table.scans);
    }

    @Test
    void looksOnceMoreForAllTreesThatWereEmptiedOneAfterTheOther() throws Exception {
        List<Log> logs = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Log log = new Log();
            logs.add(log);
            Kept kept = keep(PID + i, log, EMPTY);
            table.living.clear();
            keeper.leaderGone(kept);
        }
        for (Log log : logs) {
            log.empty.get(10, TimeUnit.SECONDS);
        }
        assertEquals(0, table.scans.get());
        for (Log log : logs) {
            log.lookedLast.get(10, TimeUnit.SECONDS);
        }
        assertEquals(1, table.scans.get());
    }

    @Test
    void goesOnAfterATableThatCannotBeRead() throws Exception {
        Log log = new Log();
        Kept kept = keep(PID, log);
        table.living.clear();
        table.failures.set(2);

        keeper.leaderGone(kept);

        log.empty.get(10, TimeUnit.SECONDS);
        assertEquals(3, table.scans.get());
    }

    @Test
    void tellsCallersAfterItsEnd() {
        Kept kept = keep(PID, new Log());
        keeper.close();

        assertFalse(keeper.stop(kept, Duration.ZERO, Duration.ZERO));
        assertFalse(keeper.leaderGone(kept));
    }

    private Kept keep(long pid, Kept.Owner owner) {
        return keep(pid, owner, new Prefixed("paper", true, 0, List.of(), Map.of(), Path.of("/")));
    }

    private Kept keep(long pid, Kept.Owner owner, Enclosure enclosure) {
        Seen leader = new Seen(pid, 1, pid, 10, false);
        table.living.put(pid, leader);
        Kept kept = new Kept(
                Tree.of(new Marker("0-0", "paper", 1, "run", pid), leader, true, 10),
                new Ladder(Duration.ZERO),
                enclosure,
                owner);
        keeper.keep(kept);
        return kept;
    }

    private static final class Log implements Kept.Owner {
        final AtomicInteger inputEnds = new AtomicInteger();
        final CompletableFuture<Void> stuck = new CompletableFuture<>();
        final CompletableFuture<Void> empty = new CompletableFuture<>();
        final CompletableFuture<Void> lookedLast = new CompletableFuture<>();

        @Override
        public void onLookedLast(List<Long> escaped) {
            lookedLast.complete(null);
        }

        @Override
        public void endInput() {
            inputEnds.incrementAndGet();
        }

        @Override
        public void onStuck() {
            stuck.complete(null);
        }

        @Override
        public void onEmpty() {
            empty.complete(null);
        }
    }

    private static final class PaperTable implements ProcessTable {
        final ConcurrentHashMap<Long, Seen> living = new ConcurrentHashMap<>();
        final ConcurrentHashMap<Long, Seen> unclear = new ConcurrentHashMap<>();
        final AtomicInteger scans = new AtomicInteger();
        final AtomicInteger failures = new AtomicInteger();
        volatile CountDownLatch gate = new CountDownLatch(0);

        @Override
        public Scan scan(long markersSince) {
            scans.incrementAndGet();
            try {
                gate.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IllegalStateException("not now");
            }
            Scan scan = new Scan();
            living.values().forEach(seen -> scan.add(seen, Optional.empty()));
            unclear.values().forEach(scan::addUnclear);
            return scan;
        }

        @Override
        public Census census(long markersSince, Markers markers) {
            Census census = new Census(now(), Usage.Source.PROC);
            living.values().forEach(seen -> census.add(new Stat(seen, false, 0, 1, 1), Optional.empty()));
            return census;
        }

        @Override
        public int sockets(long pid) {
            return 0;
        }

        @Override
        public int openFiles(long pid) {
            return 0;
        }

        @Override
        public long pageBytes() {
            return 1;
        }

        @Override
        public long ticksPerSecond() {
            return 1;
        }

        @Override
        public Optional<Seen> look(long pid) {
            return Optional.ofNullable(living.get(pid));
        }

        @Override
        public long now() {
            return 20;
        }

        @Override
        public String boot() {
            return "paper";
        }
    }
}

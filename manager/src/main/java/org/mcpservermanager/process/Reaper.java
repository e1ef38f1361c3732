package org.mcpservermanager.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.mcpservermanager.process.Leftovers.Leftover;

/**
 * Ends what an earlier run of this manager left alive, but for what was meant to outlive it: the pipes of a dead manager cannot be
 * taken up again, ports can.
 */
final class Reaper {
    private static final Duration GRACE = Duration.ofMillis(500);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private final ProcessTable table;
    private final TreeKeeper keeper;
    private final Journal journal;
    private final Remains remains;
    private final Survivors survivors;
    private final Predicate<String> ofEarlierRun;

    Reaper(
            ProcessTable table,
            TreeKeeper keeper,
            Journal journal,
            Remains remains,
            Survivors survivors,
            ManagerId manager,
            String run) {
        this.survivors = survivors;
        this.table = table;
        this.keeper = keeper;
        this.journal = journal;
        this.remains = remains;
        ofEarlierRun = text -> !survivors.owns(text)
                && Marker.parse(text)
                        .filter(marker -> marker.manager().equals(manager.toString()) && !marker.isOfRun(run))
                        .isPresent();
    }

    /** Waits for the end of all that is found, some seconds at most. */
    Leftovers reapLeftovers() {
        Map<Long, Leftover> found = leftovers();
        List<Long> untouched = new ArrayList<>();
        List<Journal.Entry> left = journal.leftovers().stream()
                .filter(entry -> !survivors.owns(entry.marker().value()))
                .toList();
        for (Journal.Entry entry : left) {
            if (!found.containsKey(entry.pid()) && table.look(entry.pid()).isPresent()) {
                untouched.add(entry.pid());
            }
        }
        end();
        Map<Long, Leftover> surviving = leftovers();
        left.stream().filter(entry -> !surviving.containsKey(entry.pid())).forEach(journal::remove);
        List<Leftover> ended = found.values().stream()
                .filter(one -> !surviving.containsKey(one.pid()))
                .toList();
        return new Leftovers(ended, List.copyOf(surviving.values()), untouched);
    }

    private Map<Long, Leftover> leftovers() {
        Scan scan = table.scan(0);
        Map<Long, String> servers = new HashMap<>();
        for (String text : scan.markers()) {
            Optional<Marker> marker = Marker.parse(text);
            marker.ifPresent(known -> scan.marked(text).forEach(seen -> servers.put(seen.pid(), known.server())));
        }
        Map<Long, Leftover> found = new HashMap<>();
        servers.putAll(remains.servers());
        for (Seen seen : Tree.marked(ofEarlierRun).members(scan, remains.pids())) {
            found.put(seen.pid(), new Leftover(seen.pid(), servers.getOrDefault(seen.pid(), "")));
        }
        return found;
    }

    private void end() {
        CompletableFuture<Void> over = new CompletableFuture<>();
        Kept kept =
                new Kept(Tree.marked(ofEarlierRun), new Ladder(GRACE, remains.patience()), remains, new Kept.Owner() {
                    @Override
                    public void endInput() {
                        // Their input ended with the manager that held it.
                    }

                    @Override
                    public void onStuck() {
                        over.complete(null);
                    }

                    @Override
                    public void onEmpty() {
                        over.complete(null);
                    }
                });
        keeper.keep(kept);
        keeper.leaderGone(kept);
        try {
            over.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            // The result names those that survive.
            return;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("the end of leftovers is never reported as a failure", impossible);
        }
    }
}

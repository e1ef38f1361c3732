package org.mcpservermanager.process;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongToIntFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.server.Usage;

/** Sums up what the members of each tree use, by one pass over the process table for all of them. Confined to its caller. */
final class Sampler {
    private static final Logger LOG = Logger.getLogger(Sampler.class.getName());
    private static final Duration SORTED_WITHIN = Duration.ofSeconds(5);
    private final ProcessTable table;
    private final TreeKeeper keeper;
    private final Markers markers = new Markers();
    private final Abandoned abandoned = new Abandoned();
    private Map<Kept, Spent> before = Map.of();

    private record Spent(long ticks, long atNanos) {}

    Sampler(ProcessTable table, TreeKeeper keeper) {
        this.table = table;
        this.keeper = keeper;
    }

    /** Trees that the keeper does not know any more are left out. */
    Map<Kept, Usage> sample(Collection<Kept> trees) {
        if (trees.isEmpty()) {
            before = Map.of();
            return Map.of();
        }
        long since = trees.stream().mapToLong(kept -> kept.tree.since()).min().orElse(0);
        Census census = table.census(since, markers);
        warnOfAbandoned(census);
        long nanos = System.nanoTime();
        Optional<Instant> at = Optional.of(Instant.now());
        Map<Kept, Collection<Seen>> members = sorted(census);
        Map<Kept, Spent> spent = new HashMap<>();
        Map<Kept, Usage> usages = new HashMap<>();
        for (Kept kept : trees) {
            Collection<Seen> own = members.get(kept);
            if (own != null) {
                long ticks =
                        own.stream().mapToLong(seen -> census.of(seen).ticks()).sum();
                spent.put(kept, new Spent(ticks, nanos));
                usages.put(kept, usage(own, census, ticks, percent(kept, ticks, nanos), at));
            }
        }
        before = spent;
        return usages;
    }

    private void warnOfAbandoned(Census census) {
        long self = ProcessHandle.current().pid();
        abandoned
                .look(census.deadOf(self))
                .ifPresent(count -> LOG.warning(count
                        + " dead processes were left to this JVM (pid " + self
                        + "), which cannot collect them; run it under an init, such as docker run --init"));
    }

    private Map<Kept, Collection<Seen>> sorted(Census census) {
        try {
            return keeper.sort(census.scan, census.began()).get(SORTED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException failure) {
            LOG.log(Level.FINE, "this time nothing is measured", failure);
        }
        return Map.of();
    }

    private Usage usage(Collection<Seen> members, Census census, long ticks, double percent, Optional<Instant> at) {
        long pages = 0;
        int threads = 0;
        int files = 0;
        int sockets = 0;
        int zombies = 0;
        for (Seen member : members) {
            Stat stat = census.of(member);
            pages = plus(pages, stat.pages());
            threads = (int) plus(threads, stat.threads());
            files = (int) plus(files, ofLiving(member, table::openFiles));
            sockets = (int) plus(sockets, ofLiving(member, table::sockets));
            zombies = (int) plus(zombies, census.zombiesOf(member.pid()));
        }
        Duration time = Duration.ofMillis(ticks * 1000 / table.ticksPerSecond());
        long bytes = pages < 0 ? -1 : pages * table.pageBytes();
        return new Usage(bytes, time, percent, members.size(), threads, files, sockets, zombies, at, census.source());
    }

    private int ofLiving(Seen member, LongToIntFunction count) {
        int counted = count.applyAsInt(member.pid());
        boolean gone =
                counted < 0 && table.look(member.pid()).filter(member::isSame).isEmpty();
        return gone ? 0 : counted;
    }

    private static long plus(long sum, long more) {
        return sum < 0 || more < 0 ? -1 : sum + more;
    }

    /** What a child spent stays in the sum when its parent collects it; what nobody collects is lost, and never negative. */
    private double percent(Kept kept, long ticks, long nanos) {
        Spent last = before.get(kept);
        if (last == null || nanos <= last.atNanos()) {
            return 0;
        }
        double seconds = (nanos - last.atNanos()) / 1e9;
        return Math.max(0, ticks - last.ticks()) * 100.0 / table.ticksPerSecond() / seconds;
    }
}

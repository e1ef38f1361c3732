package org.mcpservermanager.process;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mcpservermanager.server.Usage;

/** One pass over the process table with what every process uses. Built by one thread, then read by any. */
final class Census {
    private static final Stat NOTHING = new Stat(new Seen(0, 0, 0, 0, false), true, 0, 0, 0);
    final Scan scan = new Scan();
    private final long began;
    private final Usage.Source source;
    private final Map<Long, Stat> stats = new HashMap<>();
    private final Map<Long, List<Seen>> dead = new HashMap<>();

    /** @param began a moment before the first process was read, in the unit of {@link Seen#start} */
    Census(long began, Usage.Source source) {
        this.began = began;
        this.source = source;
    }

    Usage.Source source() {
        return source;
    }

    long began() {
        return began;
    }

    void add(Stat stat, Optional<String> marker) {
        stats.put(stat.seen().pid(), stat);
        scan.add(stat.seen(), marker);
    }

    void addDead(Stat stat) {
        dead.computeIfAbsent(stat.seen().parent(), parent -> new ArrayList<>()).add(stat.seen());
    }

    Stat of(Seen seen) {
        return stats.getOrDefault(seen.pid(), NOTHING);
    }

    /** How many children nobody collected; negative when the source does not tell. */
    int zombiesOf(long parent) {
        return source == Usage.Source.PROC ? deadOf(parent).size() : -1;
    }

    /** Children that nobody collected. */
    List<Seen> deadOf(long parent) {
        return dead.getOrDefault(parent, List.of());
    }
}

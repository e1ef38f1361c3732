package org.mcpservermanager.process;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** One pass over the process table, indexed once and shared by every tree that is looked at. */
final class Scan {
    private final Map<Long, Seen> byPid = new HashMap<>();
    private final Map<Long, List<Seen>> byParent = new HashMap<>();
    private final Map<Long, List<Seen>> byGroup = new HashMap<>();
    private final Map<String, List<Seen>> byMarker = new HashMap<>();
    private final List<Seen> unmarked = new ArrayList<>();
    private long latestUnclear = Long.MIN_VALUE;

    void add(Seen seen, Optional<String> marker) {
        byPid.put(seen.pid(), seen);
        byParent.computeIfAbsent(seen.parent(), key -> new ArrayList<>()).add(seen);
        byGroup.computeIfAbsent(seen.group(), key -> new ArrayList<>()).add(seen);
        marker.map(value -> byMarker.computeIfAbsent(value, key -> new ArrayList<>()))
                .orElse(unmarked)
                .add(seen);
    }

    /** While a process changes its program, for a moment it shows no environment: whose it is cannot be said. */
    void addUnclear(Seen seen) {
        add(seen, Optional.empty());
        latestUnclear = Math.max(latestUnclear, seen.start());
    }

    boolean isUnclear(long since) {
        return latestUnclear >= since;
    }

    Optional<Seen> pid(long pid) {
        return Optional.ofNullable(byPid.get(pid));
    }

    List<Seen> childrenOf(long pid) {
        return byParent.getOrDefault(pid, List.of());
    }

    List<Seen> group(long group) {
        return byGroup.getOrDefault(group, List.of());
    }

    /** Those that began since then and carry no marker. */
    List<Seen> unmarked(long since) {
        return unmarked.stream().filter(seen -> seen.start() >= since).toList();
    }

    List<Seen> marked(String marker) {
        return byMarker.getOrDefault(marker, List.of());
    }

    /** Asks about each marker that there is. */
    List<Seen> marked(Predicate<String> passes) {
        return byMarker.entrySet().stream()
                .filter(entry -> passes.test(entry.getKey()))
                .flatMap(entry -> entry.getValue().stream())
                .toList();
    }

    Collection<String> markers() {
        return byMarker.keySet();
    }
}

package org.mcpservermanager.process;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Processes that shall outlive a manager, and did: those whose pid, start and marker are the ones in the journal of this boot. One
 * for each server, until somebody takes it.
 */
final class Survivors {
    private final Map<String, Journal.Entry> waiting = new ConcurrentHashMap<>();
    private final Set<String> markers;
    private final Set<String> containers;

    private Survivors(Collection<Journal.Entry> found) {
        found.forEach(entry -> waiting.merge(entry.marker().server(), entry, Survivors::newer));
        markers =
                waiting.values().stream().map(entry -> entry.marker().value()).collect(Collectors.toUnmodifiableSet());
        containers = waiting.values().stream()
                .filter(Journal.Entry::isContained)
                .map(entry -> ContainerRun.name(entry.marker()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Journal.Entry newer(Journal.Entry one, Journal.Entry other) {
        return one.start() > other.start() ? one : other;
    }

    static Survivors of(List<Journal.Entry> found) {
        return new Survivors(found);
    }

    /** @param holds whether the runtime of a container shows it under our label, and running */
    static Survivors among(List<Journal.Entry> leftovers, ProcessTable table, Predicate<Journal.Entry> holds) {
        List<Journal.Entry> wanted =
                leftovers.stream().filter(entry -> entry.survival().isWanted()).toList();
        if (wanted.isEmpty()) {
            return new Survivors(List.of());
        }
        Scan scan = table.scan(0);
        return new Survivors(wanted.stream()
                .filter(entry -> scan.marked(entry.marker().value()).stream()
                        .anyMatch(seen -> seen.pid() == entry.pid() && seen.start() == entry.start()))
                .filter(entry -> !entry.isContained() || holds.test(entry))
                .toList());
    }

    /** Whether this is the marker of one, taken or not. */
    boolean owns(String marker) {
        return markers.contains(marker);
    }

    /** Whether this is the name of the container of one, taken or not. */
    boolean ownsContainer(String name) {
        return containers.contains(name);
    }

    Optional<Journal.Entry> look(String server) {
        return Optional.ofNullable(waiting.get(server));
    }

    Optional<Journal.Entry> take(String server) {
        return Optional.ofNullable(waiting.remove(server));
    }

    Set<String> servers() {
        return Set.copyOf(waiting.keySet());
    }
}

package org.mcpservermanager.process;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Which processes came of one launch: those that carry its marker, those of its group, those below any of them, and those that
 * were found so before. Every rule rests on something a stranger with a reused pid cannot have. Confined to the keeper's thread.
 */
final class Tree {
    private static final long NOBODY = 0;
    private final Function<Scan, List<Seen>> marked;
    private final long group;
    private final long since;
    private final long leader;
    private final long leaderStart;
    private long leaderGoneAt = Long.MAX_VALUE;
    private Map<Long, Seen> known = Map.of();

    private Tree(Function<Scan, List<Seen>> marked, long leader, long leaderStart, long group, long since) {
        this.marked = marked;
        this.leader = leader;
        this.leaderStart = leaderStart;
        this.group = group;
        this.since = since;
    }

    /**
     * @param spawned the leader; its start is negative when it was gone before it could be seen
     * @param grouped whether the leader's pid is also the number of a group made for it
     * @param since a moment before the spawn
     */
    static Tree of(Marker marker, Seen spawned, boolean grouped, long since) {
        String value = marker.value();
        return new Tree(
                scan -> scan.marked(value), spawned.pid(), spawned.start(), grouped ? spawned.pid() : NOBODY, since);
    }

    /** Everything whose marker passes, and what is below it. */
    static Tree marked(Predicate<String> passes) {
        return new Tree(scan -> scan.marked(passes), NOBODY, -1, NOBODY, 0);
    }

    long since() {
        return since;
    }

    void leaderGone(long now) {
        leaderGoneAt = now;
    }

    boolean isLeaderGone() {
        return leaderGoneAt != Long.MAX_VALUE;
    }

    /** The group's number when a living member proves that the number is still this tree's; else 0. */
    long groupInUse() {
        return group != NOBODY && known.values().stream().anyMatch(seen -> seen.group() == group) ? group : NOBODY;
    }

    /** Whether it was a member at the last look. */
    boolean knows(Seen seen) {
        return Optional.ofNullable(known.get(seen.pid())).filter(seen::isSame).isPresent();
    }

    /** Whether a member of the last look lives: cheap, and blind for new ones. */
    boolean anyKnownAlive(ProcessTable table) {
        return known.values().stream()
                .anyMatch(seen -> table.look(seen.pid()).filter(seen::isSame).isPresent());
    }

    Collection<Seen> members(Scan scan) {
        return members(scan, List.of());
    }

    /** @param enclosed pids that belonged to the tree a moment after the scan; who began since then is seen at the next look */
    Collection<Seen> members(Scan scan, Collection<Long> enclosed) {
        Map<Long, Seen> found = new LinkedHashMap<>();
        scan.pid(leader).filter(seen -> seen.start() == leaderStart).ifPresent(seen -> found.put(seen.pid(), seen));
        known.values()
                .forEach(old -> scan.pid(old.pid()).filter(old::isSame).ifPresent(seen -> found.put(seen.pid(), seen)));
        enclosed.forEach(pid ->
                scan.pid(pid).filter(seen -> seen.start() >= since).ifPresent(seen -> found.put(seen.pid(), seen)));
        marked.apply(scan).forEach(seen -> found.put(seen.pid(), seen));
        addGroup(scan, found);
        addDescendants(scan, found);
        known = new HashMap<>(found);
        return found.values();
    }

    /** Members that are deeper than the first generations; all of them while there are none. */
    Collection<Seen> within(Collection<Seen> members, int generations) {
        Set<Long> outer = new HashSet<>();
        for (int i = 0; i < generations; i++) {
            Set<Long> next = new HashSet<>(Set.of(leader));
            members.stream().filter(seen -> outer.contains(seen.parent())).forEach(seen -> next.add(seen.pid()));
            outer.addAll(next);
        }
        List<Seen> inner =
                members.stream().filter(seen -> !outer.contains(seen.pid())).toList();
        return inner.isEmpty() ? members : inner;
    }

    /**
     * The members by a scan that may be older than the last look.
     *
     * @param began a moment before that scan
     * @param enclosed pids that belonged to the tree a moment after the scan
     */
    Collection<Seen> notice(Scan scan, long began, Collection<Long> enclosed) {
        Map<Long, Seen> before = known;
        Collection<Seen> found = List.copyOf(members(scan, enclosed));
        before.values().stream()
                .filter(seen -> seen.start() >= began)
                .forEach(seen -> known.putIfAbsent(seen.pid(), seen));
        return found;
    }

    private void addGroup(Scan scan, Map<Long, Seen> found) {
        if (group == NOBODY) {
            return;
        }
        boolean held = found.values().stream().anyMatch(seen -> seen.group() == group);
        for (Seen seen : scan.group(group)) {
            if (held || beganUnderLeader(seen)) {
                found.put(seen.pid(), seen);
            }
        }
    }

    /** The kernel gives a group's number to nobody else while one member lives, and the leader was one until it went. */
    private boolean beganUnderLeader(Seen seen) {
        return isLeaderGone() && seen.start() >= since && seen.start() <= leaderGoneAt && seen.pid() != leader;
    }

    private static void addDescendants(Scan scan, Map<Long, Seen> found) {
        Deque<Seen> open = new ArrayDeque<>(found.values());
        for (Optional<Seen> next = Optional.ofNullable(open.poll());
                next.isPresent();
                next = Optional.ofNullable(open.poll())) {
            Seen parent = next.get();
            for (Seen child : scan.childrenOf(parent.pid())) {
                if (child.start() >= parent.start() && found.putIfAbsent(child.pid(), child) == null) {
                    open.add(child);
                }
            }
        }
    }
}

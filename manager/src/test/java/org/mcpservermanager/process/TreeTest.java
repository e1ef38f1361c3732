package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.faults.Fault;

/** Pids 100 to 199 are ours, 900 to 999 are strangers. */
class TreeTest {
    private static final Marker MARKER = new Marker("0-0", "server", 1, "run", 1);
    private final Tree tree = Tree.of(MARKER, new Seen(100, 1, 100, 50, false), true, 50);
    private final Scan scan = new Scan();

    @Test
    void holdsGroupDescendantsAndMarked() {
        see(100, 1, 100, 50);
        see(101, 1, 100, 60);
        see(102, 100, 102, 60);
        see(103, 102, 103, 61);
        mark(104, 1, 104, 70, MARKER);
        see(105, 104, 105, 71);
        mark(900, 1, 900, 70, new Marker("0-0", "server", 1, "run", 2));
        see(901, 1, 901, 70);

        assertEquals(Set.of(100L, 101L, 102L, 103L, 104L, 105L), members());
    }

    @Test
    void knowsAgainWhomItSawWhenNothingElseTellsAnyMore() {
        see(100, 1, 100, 50);
        see(101, 100, 101, 60);
        members();
        Scan later = new Scan();
        later.add(new Seen(101, 1, 101, 60, false), Optional.empty());

        assertEquals(Set.of(101L), members(later));
    }

    @Test
    void anOlderScanTakesNothingAwayThatIsYoungerThanIt() {
        see(100, 1, 100, 50);
        see(101, 100, 101, 60);
        see(102, 100, 102, 70);
        members();
        Scan older = new Scan();
        older.add(new Seen(100, 1, 100, 50, false), Optional.empty());

        assertEquals(1, tree.notice(older, 65, List.of()).size());
        Scan orphans = new Scan();
        orphans.add(new Seen(101, 1, 101, 60, false), Optional.empty());
        orphans.add(new Seen(102, 1, 102, 70, false), Optional.empty());

        assertEquals(Set.of(102L), members(orphans), "101 was dead for the scan that began after it");
    }

    @Test
    @Fault(38)
    void leavesAStrangerWithAReusedPidAlone() {
        see(100, 1, 100, 50);
        see(101, 100, 101, 60);
        members();
        tree.leaderGone(80);
        Scan later = new Scan();
        later.add(new Seen(100, 1, 100, 90, false), Optional.empty());
        later.add(new Seen(101, 1, 101, 95, false), Optional.empty());
        later.add(new Seen(900, 100, 100, 96, false), Optional.empty());

        assertEquals(Set.of(), members(later));
        assertEquals(0, tree.groupInUse());
    }

    @Test
    void leavesAStrangersGroupOfTheSameNumberAloneWhenItsLeaderIsGoneToo() {
        tree.leaderGone(80);
        see(900, 1, 100, 81);

        assertEquals(Set.of(), members());
        assertEquals(0, tree.groupInUse());
    }

    @Test
    void takesForOursWhatBeganInTheGroupWhileItsLeaderLived() {
        tree.leaderGone(80);
        see(101, 1, 100, 80);
        see(102, 1, 100, 81);

        members();
        assertEquals(100, tree.groupInUse());
        assertEquals(Set.of(101L, 102L), members(), "101 proves that the group is still the same");
    }

    @Test
    void leavesTheChildOfAReusedPidAlone() {
        see(100, 1, 100, 50);
        see(900, 100, 900, 40);

        assertEquals(Set.of(100L), members());
    }

    private void see(long pid, long parent, long group, long start) {
        scan.add(new Seen(pid, parent, group, start, false), Optional.empty());
    }

    private void mark(long pid, long parent, long group, long start, Marker marker) {
        scan.add(new Seen(pid, parent, group, start, false), Optional.of(marker.value()));
    }

    private Set<Long> members() {
        return members(scan);
    }

    private Set<Long> members(Scan of) {
        return tree.members(of).stream().map(Seen::pid).collect(Collectors.toCollection(TreeSet::new));
    }
}

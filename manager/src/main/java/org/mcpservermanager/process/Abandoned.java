package org.mcpservermanager.process;

import java.util.Collection;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Dead processes that were left to this JVM. It collects only what it started itself, so where it is the first process of a
 * container the orphans of servers stay for ever. Confined to one thread.
 */
final class Abandoned {
    private Set<Long> before = Set.of();
    private int told;

    /**
     * @param dead children of this JVM that are dead now; those it is just collecting are not seen twice
     * @return how many there are, when there are twice as many as were told the last time
     */
    OptionalInt look(Collection<Seen> dead) {
        Set<Long> now = new HashSet<>();
        dead.forEach(seen -> now.add(seen.pid()));
        int staying = (int) now.stream().filter(before::contains).count();
        before = now;
        if (staying == 0 || staying < 2 * told) {
            return OptionalInt.empty();
        }
        told = staying;
        return OptionalInt.of(staying);
    }
}

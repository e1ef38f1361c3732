package org.mcpservermanager.process;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Remembers between two looks which process carries which marker: reading an environment costs as much as all the rest, and
 * a process that came of a launch carries its marker from its first moment. Confined to one thread.
 */
final class Markers {
    private record Read(long start, Optional<String> marker) {}

    private Map<Long, Read> before = Map.of();
    private Map<Long, Read> now = new HashMap<>();

    /** @param reader answers nothing at all while it cannot be said */
    Optional<String> of(Seen seen, Function<Seen, Optional<Optional<String>>> reader) {
        Read known = before.get(seen.pid());
        if (known != null && known.start() == seen.start()) {
            now.put(seen.pid(), known);
            return known.marker();
        }
        Optional<Optional<String>> marker = reader.apply(seen);
        marker.ifPresent(said -> now.put(seen.pid(), new Read(seen.start(), said)));
        return marker.flatMap(Function.identity());
    }

    /** The look is over: whom it did not see is forgotten. */
    void turn() {
        before = now;
        now = new HashMap<>();
    }
}

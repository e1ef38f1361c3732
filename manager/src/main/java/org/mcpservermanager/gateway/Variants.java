package org.mcpservermanager.gateway;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.mcpservermanager.conversation.Profile;

/**
 * The shelves of each kind of client that can be asked, by its capabilities. Those of a kind that was not seen for a while end, as
 * reading them takes a copy of every server. Guarded by this; shelves are begun and closed without it.
 */
final class Variants implements AutoCloseable {
    static final int VARIANTS_MAX = 8;
    /** Rounds without use after which one ends, and a round's length. */
    static final int ROUNDS = 4;

    static final long ROUND_SECONDS = 150;

    private final Shelves plain;
    private final Supplier<Set<String>> inSessions;
    private final Map<String, Kept> kept = new HashMap<>();
    private final Future<?> rounds;

    private static final class Kept {
        private final Shelves shelves;
        private int unused; // rounds

        private Kept(Shelves shelves) {
            this.shelves = shelves;
        }
    }

    /** @param inSessions the capabilities of clients whose sessions are open: their shelves stay */
    Variants(Shelves plain, Supplier<Set<String>> inSessions, ScheduledExecutorService timer) {
        this.plain = plain;
        this.inSessions = inSessions;
        this.rounds = timer.scheduleWithFixedDelay(this::endUnused, ROUND_SECONDS, ROUND_SECONDS, TimeUnit.SECONDS);
    }

    /** Where there are too many different ones in use, further clients see what all see. */
    Shelves of(Profile profile) {
        if (!profile.interactive()) {
            return plain;
        }
        Optional<Shelves> known = known(profile.capabilities());
        return known.orElseGet(() -> added(profile));
    }

    private synchronized Optional<Shelves> known(String capabilities) {
        Optional<Kept> found = Optional.ofNullable(kept.get(capabilities));
        found.ifPresent(each -> each.unused = 0);
        return found.map(each -> each.shelves);
    }

    private Shelves added(Profile profile) {
        Set<String> used = inSessions.get();
        Optional<Kept> evicted = Optional.empty();
        Shelves made;
        synchronized (this) {
            Kept other = kept.get(profile.capabilities());
            if (other != null) {
                return other.shelves;
            }
            if (kept.size() >= VARIANTS_MAX) {
                evicted = leastUsed(used).map(kept::remove);
                if (evicted.isEmpty()) {
                    return plain;
                }
            }
            made = plain.variant(profile);
            kept.put(profile.capabilities(), new Kept(made));
        }
        evicted.ifPresent(each -> plain.end(each.shelves));
        made.begin();
        return made;
    }

    /** Not one of which a client was seen in this round: its session may be about to open. */
    private Optional<String> leastUsed(Set<String> used) {
        return kept.entrySet().stream()
                .filter(each -> each.getValue().unused > 0 && !used.contains(each.getKey()))
                .max(Map.Entry.comparingByValue((one, other) -> Integer.compare(one.unused, other.unused)))
                .map(Map.Entry::getKey);
    }

    private void endUnused() {
        Set<String> used = inSessions.get();
        List<Shelves> ended = new ArrayList<>();
        synchronized (this) {
            kept.forEach((capabilities, each) -> each.unused = used.contains(capabilities) ? 0 : each.unused + 1);
            kept.values().removeIf(each -> each.unused >= ROUNDS && ended.add(each.shelves));
        }
        ended.forEach(plain::end);
    }

    synchronized int count() {
        return kept.size();
    }

    @Override
    public void close() {
        rounds.cancel(false);
    }
}

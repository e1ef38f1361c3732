package org.mcpservermanager.supervision;

import java.util.ArrayDeque;
import java.util.Deque;

/** How much totals grew in a span of time that ends now. Confined to its owner; as long as nothing grows it keeps two entries. */
final class Window {
    /** Totals since some moment. */
    record Totals(long ended, long errors, long nanos, long restarts) {
        static final Totals NONE = new Totals(0, 0, 0, 0);

        private Totals since(Totals before) {
            return new Totals(
                    ended - before.ended, errors - before.errors, nanos - before.nanos, restarts - before.restarts);
        }
    }

    static final int ENTRIES_MAX = 1024;

    private record Entry(long atMillis, Totals totals) {}

    private final long spanMillis;
    private final Deque<Entry> entries = new ArrayDeque<>();

    Window(long spanMillis) {
        this.spanMillis = spanMillis;
    }

    Totals grown(long nowMillis, Totals totals) {
        if (entries.isEmpty() || !entries.getLast().totals().equals(totals)) {
            entries.addLast(new Entry(nowMillis, totals));
        }
        while (entries.size() > ENTRIES_MAX || secondIsOld(nowMillis)) {
            entries.removeFirst();
        }
        return totals.since(entries.getFirst().totals());
    }

    /** The first entry stands for all that was before the span: it may go when the second can. */
    private boolean secondIsOld(long nowMillis) {
        return entries.size() > 1
                && entries.stream().skip(1).findFirst().orElseThrow().atMillis() <= nowMillis - spanMillis;
    }
}

package org.mcpservermanager.supervision;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;

/** The last lines that a copy printed while it was nobody's: kept for the one that gets it. Guarded by this. */
final class EarlyLines {
    static final int LINES_MAX = 200;
    static final int LENGTH_MAX = 64 << 10;

    private final Deque<Line> kept = new ArrayDeque<>();
    private int length;
    private boolean released;

    private record Line(boolean error, String text) {}

    /** False when lines go to somebody already. */
    synchronized boolean keep(boolean error, String text) {
        if (released) {
            return false;
        }
        kept.add(new Line(error, text));
        length += text.length();
        while (kept.size() > LINES_MAX || length > LENGTH_MAX && kept.size() > 1) {
            length -= kept.remove().text().length();
        }
        return true;
    }

    /** Tells all that were kept, in order, also those that come meanwhile. */
    void release(BiConsumer<Boolean, String> receiver) {
        for (List<Line> next = next(); !next.isEmpty(); next = next()) {
            next.forEach(line -> receiver.accept(line.error(), line.text()));
        }
    }

    private synchronized List<Line> next() {
        List<Line> next = List.copyOf(kept);
        kept.clear();
        length = 0;
        released = next.isEmpty();
        return next;
    }
}

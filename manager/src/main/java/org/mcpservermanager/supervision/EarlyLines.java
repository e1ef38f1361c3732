package org.mcpservermanager.supervision;

import java.util.List;
import java.util.function.BiConsumer;

/** The last lines that a copy printed while it was nobody's: kept for the one that gets it. Guarded by this. */
final class EarlyLines {
    static final int LINES_MAX = 200;
    static final int LENGTH_MAX = 64 << 10;

    private final LastLines<Line> kept = new LastLines<>(LINES_MAX, LENGTH_MAX, Line::text);
    private boolean released;

    private record Line(boolean error, String text) {}

    /** False when lines go to somebody already. */
    synchronized boolean keep(boolean error, String text) {
        if (released) {
            return false;
        }
        kept.add(new Line(error, text));
        return true;
    }

    /** Tells all that were kept, in order, also those that come meanwhile. */
    void release(BiConsumer<Boolean, String> receiver) {
        for (List<Line> next = next(); !next.isEmpty(); next = next()) {
            next.forEach(line -> receiver.accept(line.error(), line.text()));
        }
    }

    private synchronized List<Line> next() {
        List<Line> next = kept.takeAll();
        released = next.isEmpty();
        return next;
    }
}

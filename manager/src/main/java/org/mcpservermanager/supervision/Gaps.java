package org.mcpservermanager.supervision;

import java.util.function.Consumer;
import org.mcpservermanager.transport.LineSink;

/** Says where lines were left out because they came too fast. */
final class Gaps implements LineSink {
    private final Consumer<String> lines;
    private long last; // touched by one thread at a time, as LineSink promises

    Gaps(Consumer<String> lines) {
        this.lines = lines;
    }

    @Override
    public void onLine(long sequence, String line) {
        long missing = sequence - last - 1;
        last = sequence;
        if (missing > 0) {
            lines.accept("... " + missing + " lines came too fast and were left out ...");
        }
        lines.accept(line);
    }
}

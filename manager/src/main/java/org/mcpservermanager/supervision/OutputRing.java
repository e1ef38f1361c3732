package org.mcpservermanager.supervision;

import java.util.List;
import java.util.Optional;
import org.mcpservermanager.server.Event;

/** The last lines of a server's output; a megabyte of them at most, unless one line is longer. */
final class OutputRing {
    static final int LINES_MAX = 1000;
    static final int LENGTH_MAX = 1 << 20;
    private final LastLines<Event.Output> lines =
            new LastLines<>(LINES_MAX, LENGTH_MAX, Event.Output::line); // guarded by this
    private long sequence; // guarded by this

    synchronized Event.Output add(java.util.function.LongFunction<Event.Output> line) {
        Event.Output output = line.apply(++sequence);
        lines.add(output);
        return output;
    }

    synchronized List<Event.Output> last(int linesMax) {
        int skip = Math.max(0, lines.size() - Math.max(0, linesMax));
        return lines.stream().skip(skip).toList();
    }

    /** The newest line on stderr that a copy of this generation wrote. */
    synchronized Optional<String> lastError(long generation) {
        return lines.stream()
                .filter(line -> line.error()
                        && line.generation() == generation
                        && !line.line().isBlank())
                .reduce((older, newer) -> newer)
                .map(Event.Output::line);
    }
}

package org.mcpservermanager.supervision;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.mcpservermanager.server.Event;

/** The last lines of a server's output. */
final class OutputRing {
    static final int LINES_MAX = 1000;
    private final ArrayDeque<Event.Output> lines = new ArrayDeque<>(); // guarded by this
    private long sequence; // guarded by this

    synchronized Event.Output add(java.util.function.LongFunction<Event.Output> line) {
        Event.Output output = line.apply(++sequence);
        if (lines.size() == LINES_MAX) {
            lines.removeFirst();
        }
        lines.addLast(output);
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

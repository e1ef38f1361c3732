package org.mcpservermanager.process;

import java.util.List;
import org.mcpservermanager.server.Text;

/**
 * What an earlier run of the manager had left behind, and what became of it.
 *
 * @param ended processes that were alive and carried this manager's marker, or came of one that did
 * @param surviving those of them that could not be ended in time; they stay watched
 * @param untouched pids that the journal names but that belong to somebody else now, or cannot be recognized any more
 */
public record Leftovers(List<Leftover> ended, List<Leftover> surviving, List<Long> untouched) {
    static final Leftovers NONE = new Leftovers(List.of(), List.of(), List.of());

    /**
     * One process.
     *
     * @param server whose it was; empty when only its ancestors tell
     */
    public record Leftover(long pid, String server) {
        @Override
        public String toString() {
            return pid + (server.isEmpty() ? "" : " of " + Text.oneLine(server, 80));
        }
    }

    public Leftovers {
        ended = List.copyOf(ended);
        surviving = List.copyOf(surviving);
        untouched = List.copyOf(untouched);
    }
}

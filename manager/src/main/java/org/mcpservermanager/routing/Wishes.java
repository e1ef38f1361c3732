package org.mcpservermanager.routing;

import java.util.List;

/**
 * What a client asked of a server beyond single calls.
 *
 * @param level the word of the log level; empty for none
 * @param watched URIs of resources
 */
public record Wishes(String level, List<String> watched) {
    public Wishes {
        watched = List.copyOf(watched);
    }
}

package org.mcpservermanager.gateway;

import java.util.List;
import java.util.stream.Collectors;
import org.mcpservermanager.server.ServerId;

/**
 * Several things of one kind under one name or URI.
 *
 * @param servers whose they are; the first has the name, unless it is refused
 */
record Collision(ListKind kind, String exposed, List<ServerId> servers, boolean refused) {
    @Override
    public String toString() {
        String all = servers.stream().map(ServerId::value).collect(Collectors.joining(", "));
        return kind.member() + " \"" + exposed + "\" of " + all
                + (refused ? ": none is shown" : ": the first is shown");
    }
}

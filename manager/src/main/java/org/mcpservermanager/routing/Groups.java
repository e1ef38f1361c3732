package org.mcpservermanager.routing;

import java.util.List;
import org.mcpservermanager.server.Group;
import org.mcpservermanager.server.ServerId;

/** The endpoints over several servers, the one over all among them. */
public interface Groups {
    List<Shown> groups();

    /**
     * @param servers the members whose lists are shown now
     * @param collisions things under one name or URI, for people
     */
    record Shown(Group group, String path, List<ServerId> servers, Counts counts, List<String> collisions) {
        public Shown {
            servers = List.copyOf(servers);
            collisions = List.copyOf(collisions);
        }
    }

    /** How many are shown of each kind. */
    record Counts(int tools, int prompts, int resources, int templates) {}
}

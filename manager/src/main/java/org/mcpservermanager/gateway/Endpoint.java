package org.mcpservermanager.gateway;

import java.util.Optional;
import org.mcpservermanager.server.Group;
import org.mcpservermanager.server.ServerId;

/** What an MCP address stands for. */
sealed interface Endpoint {
    record One(ServerId id) implements Endpoint {}

    /**
     * @param group its name, empty for all servers
     * @param search whether the client asked for tools to find tools, whatever the group says
     */
    record Many(String group, boolean search) implements Endpoint {
        /** All servers, all tools. */
        static final Endpoint ALL = new Many(Group.ALL_SERVERS, false);
    }

    /** Empty for an endpoint over several. */
    default Optional<ServerId> server() {
        return this instanceof One one ? Optional.of(one.id()) : Optional.empty();
    }

    default boolean isOver(String group) {
        return this instanceof Many many && many.group().equals(group);
    }
}

package org.mcpservermanager.gateway;

import org.mcpservermanager.server.Group;

/**
 * What an endpoint over several servers shows; means nothing where the endpoint is one server's.
 *
 * @param group its name, empty for all servers
 * @param search whether the client asked for tools to find tools, whatever the group says
 */
record Scope(String group, boolean search) {
    /** All servers, all tools. */
    static final Scope ALL = new Scope(Group.ALL_SERVERS, false);
}

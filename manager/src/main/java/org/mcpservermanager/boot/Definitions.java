package org.mcpservermanager.boot;

import java.util.Map;
import org.mcpservermanager.server.ServerId;

/** Where the servers are kept that the API defined; each call is complete when it returns, or has changed nothing. */
interface Definitions {
    /** The JSON text of each spec, by server. */
    Map<ServerId, String> all();

    void save(ServerId server, String spec);

    /** Takes back the first definition of a server that a file defines. */
    void forget(ServerId server);

    void remove(ServerId server);
}

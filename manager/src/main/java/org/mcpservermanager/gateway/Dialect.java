package org.mcpservermanager.gateway;

import org.mcpservermanager.protocol.Message;

/** How clients of one era speak on an MCP endpoint; decided per request. Each method answers in every case, now or later. */
interface Dialect {
    void post(Incoming request, Message message, Reply reply);

    void get(Incoming request, Reply reply);

    void delete(Incoming request, Reply reply);
}

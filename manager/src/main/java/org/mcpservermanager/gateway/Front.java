package org.mcpservermanager.gateway;

/** How a client reaches its session; the id of one is none of another. */
enum Front {
    /** Streamable HTTP. */
    HTTP,
    /** A stream of events and an address to post to, as in revision 2024-11-05. */
    SSE,
    /** One session for each socket, ended with it. */
    SOCKET
}

package org.mcpservermanager.gateway;

import java.security.Principal;

/**
 * Who opens a socket, and what its request said. The container makes the endpoint of a socket; all that it hands over from the
 * request, on each server alike, is the principal.
 */
record SocketCaller(Sockets sockets, Incoming opened) implements Principal {
    @Override
    public String getName() {
        return opened.caller();
    }

    @Override
    public String toString() {
        return getName();
    }
}

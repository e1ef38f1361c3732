package org.mcpservermanager.routing;

import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.protocol.Era;
import org.mcpservermanager.supervision.Supervisor;

/** Which clients have a copy of a server for themselves. */
final class Apart {
    private Apart() {}

    static boolean is(Supervisor supervisor, Client client) {
        return switch (supervisor.spec().isolation()) {
            case SHARED -> false;
            case SESSION -> !client.isManager();
            // a stateless server says itself whose its questions are
            case AUTO ->
                !client.isManager()
                        && client.profile().interactive()
                        && supervisor.era() == Era.LEGACY
                        && client.profile().era() == Era.LEGACY;
        };
    }
}

package org.mcpservermanager.gateway;

import org.mcpservermanager.gateway.modern.Bridge;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.ServerId;

/** What happens to servers, told to those parts of the gateway that hold something of theirs. */
record ServerNews(Shelves shelves, Listens listens, Sessions sessions, Bridge bridge) {
    void on(Event event) {
        if (event instanceof Event.PhaseChanged change) {
            phased(change);
        } else if (event instanceof Event.ListChanged change) {
            shelves.onListChanged(change.server(), change.method());
        } else if (event instanceof Event.FleetChanged change && change.change() != Event.FleetChanged.Change.REMOVED) {
            shelves.onRedefined();
        } else if (event instanceof Event.FleetChanged change) {
            removed(change.server());
        }
    }

    private void phased(Event.PhaseChanged change) {
        shelves.onPhase(change.server(), change.to());
        switch (change.to()) {
            case STOPPED, DISABLED, FATAL, EXITED -> listens.endAllOf(change.server());
            case STARTING, RUNNING, STOPPING, BACKOFF, PARKED, RECOVERING -> {
                // it may be back before anybody notices
            }
        }
    }

    private void removed(ServerId server) {
        shelves.onRemoved(server);
        listens.endAllOf(server);
        bridge.forget(server);
        sessions.endAllOf(server, "server " + server + " was removed");
    }
}

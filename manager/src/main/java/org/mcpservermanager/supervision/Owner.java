package org.mcpservermanager.supervision;

import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Profile;

/** Whom a copy serves; decides what it is told at initialize and where its questions go. */
sealed interface Owner {
    Profile profile();

    /** Many clients; the profile is the manager's. */
    record Everybody(Profile profile) implements Owner {}

    /** One client session; its profile is passed on unchanged. */
    record Session(Client client) implements Owner {
        @Override
        public Profile profile() {
            return client.profile();
        }
    }
}

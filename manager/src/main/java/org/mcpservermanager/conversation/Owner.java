package org.mcpservermanager.conversation;

import java.util.Objects;

/** Whose a conversation is. */
public sealed interface Owner {
    /** Everybody's: a question goes to a client only when all that is in flight is that client's. */
    record Shared() implements Owner {}

    /** One client's: whatever the server asks or logs is meant for it, also outside calls. */
    record Dedicated(Client client) implements Owner {
        public Dedicated {
            Objects.requireNonNull(client, "client");
        }
    }
}

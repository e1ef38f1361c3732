package org.mcpservermanager.conversation;

import java.util.concurrent.CompletionStage;
import org.mcpservermanager.protocol.Message;

/** The MCP client on the far side of the gateway (one client session), as seen from the server's side. */
public interface Client {
    Profile profile();

    /** True for the manager's own questions (catalogue, health, operators): always served by the shared copy. */
    default boolean isManager() {
        return false;
    }

    /** Whether it is the manager itself, which reads what clients of this profile are offered. */
    default boolean readsLists() {
        return false;
    }

    /** Whether it will never ask for anything again: then nothing needs to be kept for it. */
    default boolean isGone() {
        return false;
    }

    /** A message of the server that belongs to no call of this client: list changes, updates, logs. Must not block. */
    void tell(Message notification);

    /** A question of the server that belongs to no call. Completes with the client's answer, carrying the id of the question. */
    CompletionStage<Message> ask(Message question);
}

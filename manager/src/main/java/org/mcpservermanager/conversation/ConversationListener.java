package org.mcpservermanager.conversation;

import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Problem;

/** Hears what a server says beside its calls. Called from the link's reader thread; must not block. */
public interface ConversationListener {
    /** List changes, updates and every other notification that belongs to no call; also when the conversation is dedicated. */
    void onNotification(Message notification);

    /** Output that is not MCP. */
    void onNoise(String excerpt);

    /** The link ended by itself after the handshake; every exchange was failed. Not called after {@link Conversation#end}. */
    void onClosed(Problem cause);
}

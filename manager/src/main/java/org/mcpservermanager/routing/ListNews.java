package org.mcpservermanager.routing;

import java.util.Map;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Peer;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;

/** Tells a client that it may see other lists than before: another process answers it now. */
final class ListNews {
    private static final Map<String, Message> BY_CAPABILITY = Map.of(
            "tools", Message.notification(Method.TOOLS_LIST_CHANGED, ""),
            "prompts", Message.notification(Method.PROMPTS_LIST_CHANGED, ""),
            "resources", Message.notification(Method.RESOURCES_LIST_CHANGED, ""));

    private ListNews() {}

    /** Only of lists of which the server said that they may change. */
    static void tell(Client client, Peer peer) {
        BY_CAPABILITY.forEach((capability, news) -> {
            String declared = JsonText.member(peer.capabilities(), capability);
            if (JsonText.member(declared, "listChanged").equals("true")) {
                client.tell(news);
            }
        });
    }
}

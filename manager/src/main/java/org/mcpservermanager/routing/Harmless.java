package org.mcpservermanager.routing;

import java.util.Set;
import java.util.function.BiPredicate;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.ServerId;

/** Which requests may run twice, and which answers say that the first run was lost. */
final class Harmless {
    private static final Set<String> READING = Set.of(
            "resources/read",
            "prompts/get",
            "completion/complete",
            "tools/list",
            "prompts/list",
            "resources/list",
            "resources/templates/list");
    private static final Set<String> NOT_LOST = Set.of("server_not_reading");

    private Harmless() {}

    /** @param tools which tools say so of themselves */
    static boolean is(ServerId server, Message request, BiPredicate<ServerId, String> tools) {
        return READING.contains(request.method())
                || request.method().equals("tools/call") && tools.test(server, request.param("name"));
    }

    /** Its server went away in the middle; one that is merely slow may still be at it. */
    static boolean isLost(Message response) {
        if (response.kind() != Message.Kind.ERROR) {
            return false;
        }
        String error = response.error();
        String data = JsonText.member(error, "data");
        String code = data.isEmpty() ? "" : JsonText.member(data, "code");
        return JsonText.member(error, "code").equals(Integer.toString(RpcError.SERVER_UNAVAILABLE))
                && !code.isEmpty()
                && !NOT_LOST.contains(JsonText.unquote(code));
    }
}

package org.mcpservermanager.gateway;

import java.util.stream.Collectors;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Meta;
import org.mcpservermanager.protocol.Revision;
import org.mcpservermanager.protocol.RpcError;

/** Tells clients of a stateless revision which revisions they can fall back to. */
final class ModernRefusal implements Dialect {
    @Override
    public void post(Incoming request, Message message, Reply reply) {
        String named = versionIn(message);
        String requested = named.isEmpty() ? request.headers().protocolVersion() : named;
        reply.answer(refusal(message.id(), requested));
    }

    @Override
    public void get(Incoming request, Reply reply) {
        reply.answer(refusal("", request.headers().protocolVersion()));
    }

    @Override
    public void delete(Incoming request, Reply reply) {
        reply.answer(refusal("", request.headers().protocolVersion()));
    }

    /** The revision a stateless request names in itself; empty for none. */
    static String versionIn(Message message) {
        String meta = message.rawParam("_meta");
        return meta.contains(Meta.PROTOCOL_VERSION) ? RawJson.string(meta, Meta.PROTOCOL_VERSION) : "";
    }

    private static Answer refusal(String id, String requested) {
        String supported = Revision.versions().stream().map(JsonText::quote).collect(Collectors.joining(","));
        return Answer.error(
                Answer.BAD_REQUEST,
                id,
                new RpcError(
                        RpcError.UNSUPPORTED_PROTOCOL_VERSION,
                        "Unsupported protocol version: " + requested,
                        "{\"supported\":[" + supported + "],\"requested\":" + JsonText.quote(requested) + "}"));
    }
}

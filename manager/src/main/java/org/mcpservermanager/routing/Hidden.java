package org.mcpservermanager.routing;

import java.util.Optional;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.Exposure;

/** The last word on what the operator hides, whichever endpoint a request came by; names are the server's own here. */
final class Hidden {
    private Hidden() {}

    static Optional<RpcError> refusal(Exposure exposure, Message request) {
        return switch (request.method()) {
            case "tools/call" -> named(exposure.tools(), "Unknown tool: ", request.param("name"));
            case "prompts/get" -> named(exposure.prompts(), "Unknown prompt: ", request.param("name"));
            case "resources/read", "resources/subscribe" -> byUri(exposure, request.param("uri"));
            case "completion/complete" -> completion(exposure, request.rawParam("ref"));
            default -> Optional.empty();
        };
    }

    private static Optional<RpcError> completion(Exposure exposure, String ref) {
        return text(ref, "type").equals("ref/resource")
                ? byUri(exposure, text(ref, "uri"))
                : named(exposure.prompts(), "Unknown prompt: ", text(ref, "name"));
    }

    private static Optional<RpcError> named(Exposure.Named named, String unknown, String name) {
        return named.filter().admits(name)
                ? Optional.empty()
                : Optional.of(RpcError.of(RpcError.INVALID_PARAMS, unknown + name));
    }

    /** Whether a URI comes of a template that is allowed by name was looked at before. */
    private static Optional<RpcError> byUri(Exposure exposure, String uri) {
        boolean templates = exposure.resources().allow().stream().anyMatch(pattern -> pattern.contains("{"));
        boolean shown = exposure.resources().admits(uri)
                || templates && !exposure.resources().denies(uri);
        return shown
                ? Optional.empty()
                : Optional.of(new RpcError(
                        RpcError.RESOURCE_NOT_FOUND, "Resource not found", "{\"uri\":" + JsonText.quote(uri) + "}"));
    }

    private static String text(String object, String member) {
        String raw = object.startsWith("{") ? JsonText.member(object, member) : "";
        return raw.isEmpty() ? "" : JsonText.unquote(raw);
    }
}

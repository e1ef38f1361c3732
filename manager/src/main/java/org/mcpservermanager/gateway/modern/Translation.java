package org.mcpservermanager.gateway.modern;

import java.util.Set;
import java.util.stream.Collectors;
import org.mcpservermanager.conversation.Peer;
import org.mcpservermanager.protocol.Era;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Meta;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;

/** Requests of 2026-07-28 as older servers know them, and their answers as clients of 2026-07-28 do. */
public final class Translation {
    static final String INPUT_RESPONSES = "inputResponses";
    static final String REQUEST_STATE = "requestState";
    private static final String PROGRESS_TOKEN = "progressToken";
    private static final Set<String> REMOVED = Set.of(
            Method.INITIALIZE,
            Method.PING,
            Method.LOGGING_SET_LEVEL,
            Method.RESOURCES_SUBSCRIBE,
            Method.RESOURCES_UNSUBSCRIBE);
    private static final Set<String> ASKING = Set.of(Method.TOOLS_CALL, Method.PROMPTS_GET, Method.RESOURCES_READ);
    private static final Set<String> LISTS =
            Set.of(Method.TOOLS_LIST, Method.PROMPTS_LIST, Method.RESOURCES_LIST, Method.RESOURCES_TEMPLATES_LIST);

    private Translation() {}

    /** Methods that older servers would answer and this revision does not have. */
    public static boolean isRemoved(String method) {
        return REMOVED.contains(method) || method.startsWith("tasks/");
    }

    /** The only methods whose result may be a question (basic/patterns/mrtr, "Supported Requests"). */
    public static boolean mayAsk(String method) {
        return ASKING.contains(method);
    }

    static boolean isList(String method) {
        return LISTS.contains(method);
    }

    /** @param withToken whether it asks for progress in any case: who retries may want what the first did not */
    static Message toLegacy(Message request, boolean withToken) {
        RawObject meta = RawObject.of(request.rawParam("_meta")).withoutPrefix(Meta.PREFIX);
        if (withToken && !meta.has(PROGRESS_TOKEN)) {
            meta.put(PROGRESS_TOKEN, "0");
        }
        RawObject params = RawObject.of(request.params()).without(INPUT_RESPONSES, REQUEST_STATE, "task");
        params = meta.isEmpty() ? params.without("_meta") : params.put("_meta", meta.toString());
        return Message.request(request.id(), request.method(), params.toString());
    }

    /** The response to {@code request} with the server's result or error in this revision's form. */
    public static Message toModern(Message request, Message response, String serverInfo) {
        return response.kind() == Message.Kind.ERROR
                ? Message.error(request.id(), error(request, response))
                : result(request, response.result(), serverInfo);
    }

    /** @param raw the result in an older form */
    public static Message result(Message request, String raw, String serverInfo) {
        if (!RawObject.isObject(raw)) {
            return Message.error(
                    request.id(),
                    RpcError.of(RpcError.INTERNAL_ERROR, "The server's result is invalid (expected: an object)"));
        }
        RawObject result = RawObject.of(raw).put("resultType", "\"complete\"");
        if (Method.isCacheable(request.method())) {
            result.put("ttlMs", "0").put("cacheScope", "\"private\"");
        }
        if (request.method().equals(Method.TOOLS_LIST) && raw.contains("\"execution\"")) {
            result.put("tools", withoutTasks(result.get("tools")));
        }
        return Message.result(request.id(), identified(result, serverInfo).toString());
    }

    /** A result of a call within something else, raw JSON; one that is no object is none. */
    static String detail(String raw, String serverInfo) {
        RawObject result = RawObject.of(RawObject.isObject(raw) ? raw : "").put("resultType", "\"complete\"");
        return identified(result, serverInfo).toString();
    }

    static String identified(String result, String serverInfo) {
        return identified(RawObject.of(result), serverInfo).toString();
    }

    private static RawObject identified(RawObject result, String serverInfo) {
        return RawObject.isObject(serverInfo)
                ? result.put(
                        "_meta",
                        RawObject.of(result.get("_meta"))
                                .put(Meta.SERVER_INFO, serverInfo)
                                .toString())
                : result;
    }

    private static String withoutTasks(String tools) {
        return JsonText.elements(tools).stream()
                .map(tool -> RawObject.of(tool).without("execution").toString())
                .collect(Collectors.joining(",", "[", "]"));
    }

    static RpcError error(Message request, Message response) {
        RawObject error = RawObject.of(response.error());
        int code = code(error);
        if (code != RpcError.RESOURCE_NOT_FOUND) {
            return new RpcError(code, error.text("message"), error.get("data"));
        }
        return notFound(request.param("uri"), error.text("message"), error.get("data"));
    }

    /** A missing resource has no code of its own in this revision (server/resources, "Error Handling"). */
    public static RpcError notFound(String uri, String message, String data) {
        RawObject more = RawObject.of(RawObject.isObject(data) ? data : "");
        if (!more.has("uri")) {
            more.put("uri", JsonText.quote(uri));
        }
        return new RpcError(RpcError.INVALID_PARAMS, message, more.toString());
    }

    static int code(RawObject error) {
        try {
            return Integer.parseInt(error.get("code"));
        } catch (NumberFormatException notAnInteger) {
            return RpcError.INTERNAL_ERROR;
        }
    }

    public static RpcError methodNotFound(String method) {
        return RpcError.of(RpcError.METHOD_NOT_FOUND, "Method not found: " + method);
    }

    /** The answer to discover for a server that knows initialize only. */
    static Message discover(Message request, Peer peer) {
        return discover(request, peer.capabilities(), peer.instructions(), peer.serverInfo());
    }

    /** @param instructions raw JSON, empty for none */
    public static Message discover(Message request, String capabilities, String instructions, String serverInfo) {
        RawObject result = RawObject.of("")
                .put("supportedVersions", "[" + JsonText.quote(Era.MODERN_VERSION) + "]")
                .put("capabilities", modern(capabilities));
        if (!instructions.isEmpty()) {
            result.put("instructions", instructions);
        }
        return result(request, result.toString(), serverInfo);
    }

    /** Tasks are an extension now. */
    private static String modern(String capabilities) {
        RawObject all = RawObject.of(capabilities).without("tasks");
        return TaskSupport.isOffered(capabilities)
                ? all.put("extensions", TasksExtension.with(all.get("extensions")))
                        .toString()
                : all.toString();
    }

    /** Of the versions a server offers, those that the gateway can pass on. */
    public static Message discovered(Message response) {
        if (response.kind() == Message.Kind.ERROR || !RawObject.isObject(response.result())) {
            return response;
        }
        RawObject result = RawObject.of(response.result())
                .put("supportedVersions", "[" + JsonText.quote(Era.MODERN_VERSION) + "]");
        return Message.result(response.id(), result.toString());
    }
}

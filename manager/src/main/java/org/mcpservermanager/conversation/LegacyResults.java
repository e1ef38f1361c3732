package org.mcpservermanager.conversation;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Meta;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;

/** What a modern server answered, as a client of an earlier revision understands it. */
final class LegacyResults {
    static final String COMPLETE = "complete";
    static final String INPUT_REQUIRED = "input_required";
    /** Of the extension io.modelcontextprotocol/tasks. */
    static final String TASK = "task";

    private static final String TASK_SUPPORT = "{\"taskSupport\":\"optional\"}";
    static final int WRAPPED_MAX = 4096;

    /** The tools whose output is no object by their schema, as far as they were listed. */
    private final Set<String> wrapped = ConcurrentHashMap.newKeySet();

    /** {@code complete} where a server of an earlier habit says nothing; empty for what is no word. */
    static String type(Message answer) {
        String type = JsonText.member(answer.result(), "resultType");
        return type.isEmpty() ? COMPLETE : JsonText.unquote(type);
    }

    /** An outcome, which is anything but {@code input_required}. */
    Message translated(Message request, Message answer) {
        if (answer.kind() == Message.Kind.ERROR) {
            return error(request, answer);
        }
        if (!answer.result().startsWith("{")) {
            return answer;
        }
        String type = type(answer);
        return type.equals(COMPLETE)
                ? Message.result(answer.id(), result(request, answer.result()))
                : Message.error(
                        answer.id(),
                        RpcError.of(
                                RpcError.INTERNAL_ERROR,
                                "The server answered with result type \"" + type + "\" (expected: " + COMPLETE + ")"));
    }

    /** A list of tools each of which may be called as a task: whether it becomes one is the server's business. */
    static Message withTaskSupport(Message list) {
        String tools = list.kind() == Message.Kind.RESULT && list.result().startsWith("{")
                ? JsonText.member(list.result(), "tools")
                : "";
        return tools.startsWith("[")
                ? Message.result(
                        list.id(),
                        JsonText.with(
                                list.result(),
                                "tools",
                                JsonText.elements(tools).stream()
                                        .map(tool -> JsonText.with(tool, "execution", TASK_SUPPORT))
                                        .collect(Collectors.joining(",", "[", "]"))))
                : list;
    }

    private static Message error(Message request, Message answer) {
        String error = answer.error();
        int code =
                switch (JsonText.member(error, "code")) {
                    case "" + RpcError.INVALID_PARAMS -> isNotFound(request, error) ? RpcError.RESOURCE_NOT_FOUND : 0;
                    // between us and the server, and nothing its client could mend
                    case "" + RpcError.HEADER_MISMATCH, "" + RpcError.UNSUPPORTED_PROTOCOL_VERSION ->
                        RpcError.INTERNAL_ERROR;
                    default -> 0;
                };
        if (code == 0) {
            return answer;
        }
        String message = JsonText.member(error, "message");
        return Message.error(
                answer.id(),
                new RpcError(code, message.isEmpty() ? "" : JsonText.unquote(message), JsonText.member(error, "data")));
    }

    private static boolean isNotFound(Message request, String error) {
        String uri = JsonText.member(JsonText.member(error, "data"), "uri");
        return request.method().equals(Method.RESOURCES_READ)
                && !uri.isEmpty()
                && JsonText.unquote(uri).equals(request.param("uri"));
    }

    private String result(Message request, String result) {
        Map<String, String> members = JsonText.members(result);
        members.remove("resultType");
        if (Method.isCacheable(request.method())) {
            members.remove("ttlMs");
            members.remove("cacheScope");
        }
        members.computeIfPresent("_meta", (name, meta) -> withoutServerInfo(meta));
        switch (request.method()) {
            case Method.TOOLS_LIST -> members.computeIfPresent("tools", (name, tools) -> tools(tools));
            case Method.TOOLS_CALL ->
                members.computeIfPresent("structuredContent", (name, content) -> content(request, content));
            case Method.SERVER_DISCOVER -> members.clear();
            default -> {
                // the others are the same in both eras
            }
        }
        return JsonText.object(members);
    }

    private static String withoutServerInfo(String meta) {
        if (JsonText.member(meta, Meta.SERVER_INFO).isEmpty()) {
            return meta;
        }
        String rest = JsonText.without(meta, Set.of(Meta.SERVER_INFO));
        return rest.equals("{}") ? null : rest;
    }

    private String content(Message request, String content) {
        return content.startsWith("{") && !wrapped.contains(request.param("name"))
                ? content
                : "{\"result\":" + content + "}";
    }

    private String tools(String tools) {
        if (!tools.startsWith("[")) {
            return tools;
        }
        List<String> listed = JsonText.elements(tools);
        List<String> adapted = listed.stream().map(this::tool).toList();
        return adapted.equals(listed) ? tools : "[" + String.join(",", adapted) + "]";
    }

    private String tool(String tool) {
        String schema = JsonText.member(tool, "outputSchema");
        String name = JsonText.unquote(orNull(JsonText.member(tool, "name")));
        boolean isObject = JsonText.member(schema, "type").equals("\"object\"");
        if (schema.isEmpty() || isObject) {
            wrapped.remove(name);
            return tool;
        }
        if (wrapped.size() >= WRAPPED_MAX) {
            return JsonText.without(tool, Set.of("outputSchema"));
        }
        wrapped.add(name);
        return JsonText.with(tool, "outputSchema", OutputSchema.wrapped(schema));
    }

    private static String orNull(String json) {
        return json.isEmpty() ? "null" : json;
    }
}

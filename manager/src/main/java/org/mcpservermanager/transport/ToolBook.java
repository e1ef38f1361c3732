package org.mcpservermanager.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.mcpservermanager.protocol.HeaderAnnotations;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Text;

/** What a server's lists of tools said about headers; a tool that says it wrongly is left out of the list, as a client must do. */
final class ToolBook {
    static final int TOOLS_MAX = 10_000;
    private static final int NAME_SHOWN_MAX = 100;

    private final Map<String, ToolHeaders> tools = new ConcurrentHashMap<>();

    /** The headers for a tools/call; none for a tool that was not listed yet. */
    Map<String, String> headers(Message call) {
        ToolHeaders tool = tools.get(call.param("name"));
        String arguments = call.rawParam("arguments");
        return tool == null || !arguments.startsWith("{") ? Map.of() : tool.of(arguments);
    }

    /**
     * Reads the answer to a tools/list.
     *
     * @param rejected told why each tool is left out
     * @return the answer without those
     */
    Message listed(Message answer, Consumer<String> rejected) {
        String result = answer.result();
        String list = result.startsWith("{") ? JsonText.member(result, "tools") : "";
        if (!list.startsWith("[")) {
            return answer;
        }
        List<String> kept = new ArrayList<>();
        boolean all = true;
        for (String raw : JsonText.elements(list)) {
            boolean good = take(raw, rejected);
            all &= good;
            if (good) {
                kept.add(raw);
            }
        }
        return all
                ? answer
                : Message.result(answer.id(), JsonText.with(result, "tools", "[" + String.join(",", kept) + "]"));
    }

    private boolean take(String raw, Consumer<String> rejected) {
        if (!raw.startsWith("{")) {
            return true;
        }
        String rawName = JsonText.member(raw, "name");
        String schema = JsonText.member(raw, "inputSchema");
        if (!rawName.startsWith("\"") || !schema.startsWith("{")) {
            return true;
        }
        String name = JsonText.unquote(rawName);
        tools.remove(name);
        String fault = HeaderAnnotations.mayBeIn(schema) ? learn(name, schema) : "";
        if (!fault.isEmpty()) {
            rejected.accept("tool \"" + Text.oneLine(name, NAME_SHOWN_MAX) + "\" is left out: " + fault);
        }
        return fault.isEmpty();
    }

    /** What is wrong with its annotations; empty when nothing is. */
    private String learn(String name, String schema) {
        HeaderAnnotations annotations;
        try {
            annotations = HeaderAnnotations.of(JsonText.tree(schema));
        } catch (IllegalArgumentException unreadable) {
            return "its schema cannot be read: " + unreadable.getMessage();
        }
        if (!annotations.faults().isEmpty()) {
            return annotations.faults().get(0);
        }
        if (tools.size() < TOOLS_MAX) {
            tools.put(name, new ToolHeaders(annotations.arguments()));
        }
        return "";
    }
}

package org.mcpservermanager.transport;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.mcpservermanager.protocol.HeaderValue;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Meta;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.server.ServerId;

/**
 * Streamable HTTP by the revision 2026-07-28: no session, a POST for each request with headers made of its body, and to cancel a
 * request is to hang up.
 */
public final class ModernHttpLink extends WebLink {
    private static final Set<String> NAMED = Set.of(Method.TOOLS_CALL, Method.PROMPTS_GET, Method.RESOURCES_READ);

    private final ToolBook tools = new ToolBook();
    private final Map<String, ModernPosting> postings = new ConcurrentHashMap<>();

    private ModernHttpLink(ServerId server, Target target, Web web) {
        super(server, target, web);
    }

    public static ModernHttpLink to(ServerId server, Target target, Web web) {
        return new ModernHttpLink(server, target, web);
    }

    @Override
    public boolean send(Message message) {
        if (ending.hasCome()) {
            return false;
        }
        if (message.kind() != Message.Kind.REQUEST) {
            // this revision has no other message for a server over HTTP, and no headers for one
            hangUp(message);
            return true;
        }
        if (!budget.take(message.length())) {
            return false;
        }
        ModernPosting posting = new ModernPosting(this, message);
        postings.put(message.id(), posting);
        if (ending.hasCome()) {
            posting.abort();
        }
        posting.start();
        return true;
    }

    private void hangUp(Message message) {
        if (message.method().equals(Method.CANCELLED)) {
            ModernPosting cancelled = postings.get(message.rawParam("requestId"));
            if (cancelled != null) {
                cancelled.abort();
            }
        }
    }

    @Override
    void leave() {
        List.copyOf(postings.values()).forEach(ModernPosting::abort);
        intake.close(ending.reason());
        ending.complete();
    }

    void over(Message message, ModernPosting posting) {
        if (postings.remove(message.id(), posting)) {
            budget.give(message.length());
        }
    }

    ToolBook tools() {
        return tools;
    }

    HttpRequest post(Message message) {
        HttpRequest.Builder post = target().request()
                .setHeader("Content-Type", "application/json")
                .setHeader("Accept", "application/json, text/event-stream")
                .POST(BodyPublishers.ofByteArray(message.bytes()));
        headers(message).forEach(post::setHeader);
        return post.build();
    }

    private Map<String, String> headers(Message message) {
        Map<String, String> headers = new LinkedHashMap<>();
        String meta = message.rawParam("_meta");
        String version = meta.startsWith("{") ? JsonText.member(meta, Meta.PROTOCOL_VERSION) : "";
        if (version.startsWith("\"")) {
            headers.put("MCP-Protocol-Version", JsonText.unquote(version));
        }
        headers.put("Mcp-Method", message.method());
        String name = name(message);
        if (!name.isEmpty()) {
            headers.put("Mcp-Name", HeaderValue.encode(name));
        }
        if (message.method().equals(Method.TOOLS_CALL)) {
            headers.putAll(tools.headers(message));
        }
        return headers;
    }

    private static String name(Message message) {
        if (message.method().startsWith("tasks/")) {
            return message.param("taskId");
        }
        if (!NAMED.contains(message.method())) {
            return "";
        }
        return message.param(message.method().equals(Method.RESOURCES_READ) ? "uri" : "name");
    }
}

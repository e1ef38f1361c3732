package org.mcpservermanager.gateway.modern;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mcpservermanager.protocol.HeaderValue;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.server.Text;

/**
 * The headers that repeat the body, by name in lower case (basic/transports/streamable-http, "Server Validation").
 *
 * @param version of {@code MCP-Protocol-Version}, empty when absent
 */
public record RequestHeaders(String version, Map<String, List<String>> mcp) {
    private static final String METHOD = "mcp-method";
    private static final String NAME = "mcp-name";

    void requireVersion(String inBody) {
        if (!version.equals(inBody)) {
            throw Violation.header(
                    "MCP-Protocol-Version is " + shown(version) + ", the body says " + shown(inBody) + " in _meta");
        }
    }

    void requireMethod(Message request) {
        String header = only(METHOD, "Mcp-Method").orElse("");
        if (!header.equals(request.method())) {
            throw Violation.header("Mcp-Method is " + shown(header) + ", the body says " + shown(request.method()));
        }
    }

    /** The name or URI of what is called; a body without one is for the server to refuse. */
    void requireName(Message request) {
        boolean required = true;
        String inBody =
                switch (request.method()) {
                    case Method.TOOLS_CALL, Method.PROMPTS_GET -> request.param("name");
                    case Method.RESOURCES_READ -> request.param("uri");
                    default -> {
                        required = false;
                        yield request.method().startsWith("tasks/") ? request.param("taskId") : "";
                    }
                };
        Optional<String> header = only(NAME, "Mcp-Name");
        if (header.isEmpty() && (!required || inBody.isEmpty()) || !required && inBody.isEmpty()) {
            return;
        }
        String decoded = header.flatMap(HeaderValue::decode)
                .orElseThrow(() -> Violation.header(
                        header.isEmpty()
                                ? "Mcp-Name is missing (expected: " + shown(inBody) + ")"
                                : "Mcp-Name holds invalid characters or invalid Base64"));
        if (!decoded.equals(inBody)) {
            throw Violation.header("Mcp-Name is " + shown(decoded) + ", the body says " + shown(inBody));
        }
    }

    Optional<String> only(String key, String name) {
        List<String> values = mcp.getOrDefault(key.toLowerCase(Locale.ROOT), List.of());
        if (values.size() > 1) {
            throw Violation.header(name + " is there " + values.size() + " times (expected: once)");
        }
        return values.stream().findFirst().map(RequestHeaders::trimmed);
    }

    private static String trimmed(String value) {
        int from = 0;
        int to = value.length();
        while (from < to && " \t".indexOf(value.charAt(from)) >= 0) {
            from++;
        }
        while (to > from && " \t".indexOf(value.charAt(to - 1)) >= 0) {
            to--;
        }
        return value.substring(from, to);
    }

    static String shown(String value) {
        return value.isEmpty() ? "missing" : "'" + Text.oneLine(value, 120) + "'";
    }
}

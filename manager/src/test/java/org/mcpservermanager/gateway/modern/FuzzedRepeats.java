package org.mcpservermanager.gateway.modern;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mcpservermanager.fuzz.Target;
import org.mcpservermanager.protocol.HeaderValue;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;

/** Headers that repeat the body: the first three lines are Mcp-Method, Mcp-Name and Mcp-Param-Q, the fourth is the argument. */
public final class FuzzedRepeats implements Target {
    private static final String TOOL =
            "{\"name\":\"t\",\"inputSchema\":{\"properties\":{\"q\":{\"type\":\"string\",\"x-mcp-header\":\"Q\"}}}}";
    private static final int LINES = 4;

    @Override
    public String name() {
        return "repeats";
    }

    @Override
    public String read(byte[] input) {
        String[] lines = Arrays.copyOf(new String(input, ISO_8859_1).split("\n", -1), LINES);
        Map<String, List<String>> headers = new HashMap<>();
        put(headers, "mcp-method", lines[0]);
        put(headers, "mcp-name", lines[1]);
        put(headers, "mcp-param-q", lines[2]);
        String argument = lines[3] == null ? "" : lines[3];
        String params =
                "{\"name\":" + JsonText.quote(argument) + ",\"arguments\":{\"q\":" + JsonText.quote(argument) + "}}";
        Message request = Message.request("1", "tools/call", params);
        requireOneMeaning(lines[1], argument);
        RequestHeaders repeated = new RequestHeaders("2026-07-28", headers);
        return outcome(() -> repeated.requireMethod(request))
                + outcome(() -> repeated.requireName(request))
                + outcome(() -> ParamHeaders.of(TOOL).check(request, repeated));
    }

    private static void put(Map<String, List<String>> headers, String name, String line) {
        if (line != null) {
            headers.put(name, List.of(line));
        }
    }

    /** Whatever is encoded decodes to itself, and what decodes is what encodes to it. */
    private static void requireOneMeaning(String header, String text) {
        String encoded = encoded(text);
        if (!HeaderValue.decode(encoded).orElse("").equals(text)) {
            throw new AssertionError("not decoded: " + encoded);
        }
        if (header != null && header.startsWith("=?base64?")) {
            HeaderValue.decode(header)
                    .filter(decoded -> !decoded.equals(header))
                    .ifPresent(decoded -> {
                        if (!encoded(decoded).equals(header)) {
                            throw new AssertionError(header + " means the same as " + encoded(decoded));
                        }
                    });
        }
    }

    private static String encoded(String text) {
        return "=?base64?" + Base64.getEncoder().encodeToString(text.getBytes(UTF_8)) + "?=";
    }

    private static String outcome(Runnable check) {
        try {
            check.run();
            return "ok ";
        } catch (Violation violation) {
            return violation.error().message().replaceAll("'[^']*'|[^a-zA-Z]", "") + " ";
        }
    }
}

package org.mcpservermanager.transport;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mcpservermanager.protocol.HeaderAnnotations.Argument;
import org.mcpservermanager.protocol.HeaderValue;
import org.mcpservermanager.protocol.JsonText;

/** The headers that repeat arguments of one tool (2026-07-28, basic/transports/streamable-http, "Client Behavior"). */
record ToolHeaders(List<Argument> arguments) {
    private static final BigDecimal INTEGER_MAX = BigDecimal.valueOf((1L << 53) - 1);

    ToolHeaders {
        arguments = List.copyOf(arguments);
    }

    /** The headers for a call with these arguments; what is absent, null or no plain value has none. */
    Map<String, String> of(String rawArguments) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Argument argument : arguments) {
            String value = value(rawArguments, argument.path());
            if (!value.isEmpty()) {
                String text = text(value);
                if (text != null) {
                    headers.put("Mcp-Param-" + argument.header(), HeaderValue.encode(text));
                }
            }
        }
        return headers;
    }

    private static String value(String raw, List<String> path) {
        String value = raw;
        for (String name : path) {
            if (!value.startsWith("{")) {
                return "";
            }
            value = JsonText.member(value, name);
        }
        return value;
    }

    private static String text(String raw) {
        return switch (raw.charAt(0)) {
            case '"' -> JsonText.unquote(raw);
            case 't', 'f' -> raw;
            case 'n', '{', '[' -> null;
            default -> number(raw);
        };
    }

    private static String number(String raw) {
        BigDecimal number = new BigDecimal(raw);
        boolean integer = number.abs().compareTo(INTEGER_MAX) <= 0
                && number.stripTrailingZeros().scale() <= 0;
        return integer ? number.toBigInteger().toString() : raw;
    }
}

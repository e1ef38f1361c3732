package org.mcpservermanager.transport;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.mcpservermanager.protocol.HeaderValue;
import org.mcpservermanager.protocol.JsonText;

/**
 * The arguments of one tool that its server wants to see as headers too (2026-07-28, basic/transports/streamable-http, "Custom
 * Headers from Tool Parameters"), read from its input schema.
 */
record ToolHeaders(List<Argument> arguments) {
    private static final String ANNOTATION = "x-mcp-header";
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Set<String> PRIMITIVE = Set.of("string", "integer", "boolean");
    private static final Set<String> DATA = Set.of("default", "const", "enum", "examples");
    private static final BigDecimal INTEGER_MAX = BigDecimal.valueOf((1L << 53) - 1);
    private static final int DEPTH_MAX = 64;

    ToolHeaders {
        arguments = List.copyOf(arguments);
    }

    /** @param path the members that lead to it */
    record Argument(List<String> path, String header) {
        Argument {
            path = List.copyOf(path);
        }
    }

    /** An annotation that may not be there, or not so. */
    static final class Invalid extends Exception {
        private static final long serialVersionUID = 1L;

        Invalid(String message) {
            super(message);
        }
    }

    static ToolHeaders of(JsonObject schema) throws Invalid {
        Reader reader = new Reader();
        reader.schema(schema, List.of(), true, 0);
        return new ToolHeaders(reader.found);
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

    private static final class Reader {
        private final List<Argument> found = new ArrayList<>();
        private final Set<String> names = new HashSet<>();

        /** @param reachable by members of "properties" alone */
        private void schema(JsonObject schema, List<String> path, boolean reachable, int depth) throws Invalid {
            if (depth > DEPTH_MAX) {
                throw new Invalid("its schema is deeper than " + DEPTH_MAX);
            }
            if (schema.containsKey(ANNOTATION)) {
                annotation(schema, path, reachable);
            }
            for (Map.Entry<String, JsonValue> each : schema.entrySet()) {
                if (each.getKey().equals("properties") && each.getValue() instanceof JsonObject properties) {
                    properties(properties, path, reachable, depth);
                } else if (!DATA.contains(each.getKey()) && !each.getKey().equals(ANNOTATION)) {
                    elsewhere(each.getValue(), depth);
                }
            }
        }

        private void properties(JsonObject properties, List<String> path, boolean reachable, int depth) throws Invalid {
            for (Map.Entry<String, JsonValue> property : properties.entrySet()) {
                if (property.getValue() instanceof JsonObject own) {
                    List<String> longer = new ArrayList<>(path);
                    longer.add(property.getKey());
                    schema(own, longer, reachable, depth + 1);
                }
            }
        }

        private void elsewhere(JsonValue value, int depth) throws Invalid {
            if (value instanceof JsonObject object) {
                schema(object, List.of(), false, depth + 1);
            } else if (value instanceof JsonArray array) {
                for (JsonValue element : array) {
                    elsewhere(element, depth + 1);
                }
            }
        }

        private void annotation(JsonObject schema, List<String> path, boolean reachable) throws Invalid {
            if (!reachable || path.isEmpty()) {
                throw new Invalid(ANNOTATION + " at a place that is not reached by properties alone");
            }
            String where = String.join(".", path);
            String name = schema.get(ANNOTATION) instanceof JsonString text ? text.getString() : "";
            if (!TOKEN.matcher(name).matches()) {
                throw new Invalid(ANNOTATION + " of " + where + " is no header name");
            }
            if (!names.add(name.toLowerCase(Locale.ROOT))) {
                throw new Invalid(ANNOTATION + " of " + where + ": two arguments have the name " + name);
            }
            if (!isPrimitive(schema.get("type"))) {
                throw new Invalid(ANNOTATION + " of " + where + ": its type is not string, integer or boolean");
            }
            found.add(new Argument(path, name));
        }

        /** Or absent: a null has no header. */
        private static boolean isPrimitive(JsonValue type) {
            if (type instanceof JsonArray types) {
                return types.stream().anyMatch(Reader::isPrimitive)
                        && types.stream().allMatch(each -> isPrimitive(each) || isNull(each));
            }
            return type instanceof JsonString text && PRIMITIVE.contains(text.getString());
        }

        private static boolean isNull(JsonValue type) {
            return type instanceof JsonString text && text.getString().equals("null");
        }
    }
}

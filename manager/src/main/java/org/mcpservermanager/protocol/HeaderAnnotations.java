package org.mcpservermanager.protocol;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The arguments of one tool that its server wants to see as headers too, read from its input schema (2026-07-28,
 * basic/transports/streamable-http, "Custom Headers from Tool Parameters").
 *
 * @param faults annotations that may not be there, or not so: they annotate nothing, and over HTTP the tool must not be offered
 */
public record HeaderAnnotations(List<Argument> arguments, List<String> faults) {
    private static final String KEYWORD = "x-mcp-header";
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Set<String> PRIMITIVE = Set.of("string", "integer", "boolean");
    private static final Set<String> DATA = Set.of("default", "const", "enum", "examples");
    private static final int DEPTH_MAX = 64;

    public HeaderAnnotations {
        arguments = List.copyOf(arguments);
        faults = List.copyOf(faults);
    }

    /** @param path the members that lead to it */
    public record Argument(List<String> path, String header) {
        public Argument {
            path = List.copyOf(path);
        }
    }

    /** False for most tools: their schemas need not be read. */
    public static boolean mayBeIn(String rawSchema) {
        return rawSchema.contains(KEYWORD);
    }

    public static HeaderAnnotations of(JsonObject inputSchema) {
        Reader reader = new Reader();
        reader.schema(inputSchema, List.of(), true, 0);
        return new HeaderAnnotations(reader.found, reader.faults);
    }

    private static final class Reader {
        private final List<Argument> found = new ArrayList<>();
        private final List<String> faults = new ArrayList<>();
        private final Set<String> names = new HashSet<>();

        /** @param reachable by members of "properties" alone */
        private void schema(JsonObject schema, List<String> path, boolean reachable, int depth) {
            if (depth > DEPTH_MAX) {
                faults.add("its schema is deeper than " + DEPTH_MAX);
                return;
            }
            if (schema.containsKey(KEYWORD)) {
                annotation(schema, path, reachable);
            }
            for (Map.Entry<String, JsonValue> each : schema.entrySet()) {
                if (each.getKey().equals("properties") && each.getValue() instanceof JsonObject properties) {
                    properties(properties, path, reachable, depth);
                } else if (!DATA.contains(each.getKey()) && !each.getKey().equals(KEYWORD)) {
                    elsewhere(each.getValue(), depth);
                }
            }
        }

        private void properties(JsonObject properties, List<String> path, boolean reachable, int depth) {
            properties.forEach((name, property) -> {
                if (property instanceof JsonObject own) {
                    List<String> longer = new ArrayList<>(path);
                    longer.add(name);
                    schema(own, longer, reachable, depth + 1);
                }
            });
        }

        private void elsewhere(JsonValue value, int depth) {
            if (value instanceof JsonObject object) {
                schema(object, List.of(), false, depth + 1);
            } else if (value instanceof JsonArray array) {
                array.forEach(element -> elsewhere(element, depth + 1));
            }
        }

        private void annotation(JsonObject schema, List<String> path, boolean reachable) {
            String name = schema.get(KEYWORD) instanceof JsonString text ? text.getString() : "";
            String where = KEYWORD + " of " + String.join(".", path);
            if (!reachable || path.isEmpty()) {
                faults.add(KEYWORD + " at a place that is not reached by properties alone");
            } else if (!TOKEN.matcher(name).matches()) {
                faults.add(where + " is no header name");
            } else if (!names.add(name.toLowerCase(Locale.ROOT))) {
                faults.add(where + ": two arguments have the name " + name);
            } else if (!isPrimitive(schema.get("type"))) {
                faults.add(where + ": its type is not string, integer or boolean");
            } else {
                found.add(new Argument(path, name));
            }
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

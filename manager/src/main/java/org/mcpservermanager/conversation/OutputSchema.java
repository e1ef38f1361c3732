package org.mcpservermanager.conversation;

import java.util.LinkedHashMap;
import java.util.Map;
import org.mcpservermanager.protocol.JsonText;

/** The schema of a tool's output, which is an object for clients up to 2025-11-25: another value becomes its member "result". */
final class OutputSchema {
    private OutputSchema() {}

    static String wrapped(String schema) {
        Map<String, String> outer = new LinkedHashMap<>();
        Map<String, String> inner = schema.startsWith("{") ? JsonText.members(schema) : Map.of();
        // what "#/$defs/..." points at, and what says which dialect it is, stays at the root
        for (String name : new String[] {"$schema", "$defs", "definitions"}) {
            String value = inner.isEmpty() ? null : inner.remove(name);
            if (value != null) {
                outer.put(name, value);
            }
        }
        outer.put("type", "\"object\"");
        outer.put("properties", "{\"result\":" + (inner.isEmpty() ? schema : JsonText.object(inner)) + "}");
        outer.put("required", "[\"result\"]");
        return JsonText.object(outer);
    }
}

package org.mcpservermanager.gateway.modern;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.mcpservermanager.protocol.JsonText;

/** JSON with the members in the order of their names: equal objects are equal text. */
final class Canonical {
    private Canonical() {}

    static String of(String raw) {
        return RawObject.isObject(raw) ? text(JsonText.tree(raw)) : raw;
    }

    private static String text(JsonValue value) {
        if (value instanceof JsonObject object) {
            return new TreeMap<>(object)
                    .entrySet().stream()
                            .map(member -> JsonText.quote(member.getKey()) + ":" + text(member.getValue()))
                            .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof JsonArray array) {
            return array.stream().map(Canonical::text).collect(Collectors.joining(",", "[", "]"));
        }
        return value.toString();
    }
}

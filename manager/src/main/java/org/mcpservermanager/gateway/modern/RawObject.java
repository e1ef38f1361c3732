package org.mcpservermanager.gateway.modern;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.mcpservermanager.protocol.JsonText;

/** A JSON object taken apart into the raw texts of its members, to be changed and written again. */
public final class RawObject {
    private final Map<String, String> members;

    private RawObject(Map<String, String> members) {
        this.members = members;
    }

    /** Empty text is an empty object. */
    public static RawObject of(String raw) {
        return new RawObject(raw.isEmpty() ? new LinkedHashMap<>() : JsonText.members(raw));
    }

    public static boolean isObject(String raw) {
        return raw.startsWith("{");
    }

    /** Raw text of the member; empty when absent. */
    public String get(String name) {
        return members.getOrDefault(name, "");
    }

    /** The member when it is a string; empty otherwise. */
    public String text(String name) {
        String raw = get(name);
        return raw.isEmpty() ? "" : JsonText.unquote(raw);
    }

    public boolean has(String name) {
        return members.containsKey(name);
    }

    public boolean isEmpty() {
        return members.isEmpty();
    }

    public RawObject put(String name, String raw) {
        members.put(name, raw);
        return this;
    }

    public RawObject without(String... names) {
        for (String name : names) {
            members.remove(name);
        }
        return this;
    }

    RawObject withoutPrefix(String prefix) {
        members.keySet().removeIf(name -> name.startsWith(prefix));
        return this;
    }

    public Map<String, String> members() {
        return members;
    }

    @Override
    public String toString() {
        return members.entrySet().stream()
                .map(member -> JsonText.quote(member.getKey()) + ":" + member.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }
}

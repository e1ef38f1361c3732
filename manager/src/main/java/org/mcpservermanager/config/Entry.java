package org.mcpservermanager.config;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;

/**
 * One server of a configuration, found whatever the shape of the file.
 *
 * @param path where it stands, e.g. {@code mcpServers.github} or {@code servers[2]}
 * @param name the key it stands under; empty in a list
 */
record Entry(String path, String name, JsonValue value) {
    /** The objects (name to server), or lists of servers, that are looked for. */
    private static final List<String> ROOTS = List.of("mcpServers", "servers", "context_servers");

    static List<Entry> of(JsonStructure root, Report report) {
        if (root instanceof JsonArray list) {
            return ofList("", list);
        }
        List<Entry> entries = new ArrayList<>();
        boolean found = false;
        for (String name : ROOTS) {
            JsonValue value = ((JsonObject) root).get(name);
            found |= value != null;
            if (value instanceof JsonObject servers) {
                servers.forEach((key, entry) -> entries.add(new Entry(name + "." + key, key, entry)));
            } else if (value instanceof JsonArray servers) {
                entries.addAll(ofList(name, servers));
            } else if (value != null) {
                report.error(name, "neither an object nor an array (expected: the servers)", "Correct the value.");
            }
        }
        if (!found) {
            report.error(
                    "",
                    "no servers in it (expected: \"mcpServers\" or \"servers\", or a list of servers)",
                    remedy(root.asJsonObject()));
        }
        return entries;
    }

    private static String remedy(JsonObject root) {
        return root.keySet().stream()
                .flatMap(key -> Key.nearest(key, ROOTS).stream())
                .findFirst()
                .map(near -> "Did you mean \"" + near + "\"?")
                .orElse("Write {\"mcpServers\": {\"name\": {\"command\": \"...\"}}}.");
    }

    private static List<Entry> ofList(String path, JsonArray list) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            entries.add(new Entry(path + "[" + i + "]", "", list.get(i)));
        }
        return entries;
    }

    /** What the id is made of: the id it gives itself, else the key it stands under, else its name. */
    String label() {
        if (!(value instanceof JsonObject object)) {
            return name;
        }
        String id = object.getString("id", "");
        return !id.isEmpty() ? id : !name.isEmpty() ? name : object.getString("name", "");
    }

    /** Name for people. */
    String shownName() {
        return name.isEmpty() ? label() : name;
    }
}

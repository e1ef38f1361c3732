package org.mcpservermanager.config;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mcpservermanager.server.Group;
import org.mcpservermanager.server.Json;
import org.mcpservermanager.server.Naming;
import org.mcpservermanager.server.ServerId;

/** Reads {@code groups} of a file: an object of lists of servers or of settings, or an array of settings with a name. */
final class GroupsReader {
    private static final String ROOT = "groups";
    private static final int GROUPS_MAX = 200;
    private static final int DESCRIPTION_MAX = 2_000;
    private static final Map<String, String> SHORT_NAMES = Map.of(
            "servers", Key.GROUP_SERVERS.text(), "members", Key.GROUP_SERVERS.text(), "tools", Key.GROUP_TOOLS.text());
    private static final Set<Key> KEYS = Set.of(
            Key.ID,
            Key.NAME,
            Key.DESCRIPTION,
            Key.TAGS,
            Key.GROUP_SERVERS,
            Key.GROUP_TOOLS,
            Key.COLLISIONS,
            Key.TOOLS_ENABLED,
            Key.TOOLS_DISABLED,
            Key.PROMPTS_ENABLED,
            Key.PROMPTS_DISABLED,
            Key.RESOURCES_ENABLED,
            Key.RESOURCES_DISABLED);
    private final Report whole;
    private final String file;
    private final List<ConfigProblem> problems = new ArrayList<>();

    GroupsReader(String file) {
        this.file = file;
        this.whole = new Report(file);
    }

    List<ConfigProblem> problems() {
        List<ConfigProblem> all = new ArrayList<>(whole.problems());
        all.addAll(problems);
        return all;
    }

    /** Of the groups that are right; one that is not never stops the others. */
    List<Group> read(JsonStructure root) {
        JsonValue groups =
                root instanceof JsonObject object ? object.getOrDefault(ROOT, JsonValue.NULL) : JsonValue.NULL;
        Map<String, Group> read = new LinkedHashMap<>();
        if (groups instanceof JsonObject named) {
            named.forEach((name, value) -> read(ROOT + "." + name, name, value, read));
        } else if (groups instanceof JsonArray list) {
            for (int i = 0; i < list.size(); i++) {
                String name =
                        list.get(i) instanceof JsonObject one ? one.getString("id", one.getString("name", "")) : "";
                read(ROOT + "[" + i + "]", name, list.get(i), read);
            }
        } else if (groups != JsonValue.NULL) {
            whole.error(ROOT, "neither an object nor an array (expected: groups by name)", "Correct the value.");
        }
        if (read.size() > GROUPS_MAX) {
            whole.error(ROOT, read.size() + " groups (expected: at most " + GROUPS_MAX + ")", "Remove some.");
            return List.of();
        }
        return List.copyOf(read.values());
    }

    private void read(String path, String label, JsonValue value, Map<String, Group> read) {
        Report report = new Report(file);
        Optional<ServerId> name = Slug.of(label);
        if (name.isEmpty()) {
            report.error(
                    path,
                    "\"" + Report.shown(label) + "\" gives no name (expected: one with a letter a-z or a digit)",
                    "Give the group a \"name\".");
        } else if (read.containsKey(name.get().value())) {
            report.error(
                    path, "gives the name \"" + name.get() + "\", which another group has", "Rename one of the two.");
        } else {
            group(path, name.get().value(), value, report).ifPresent(group -> read.put(group.name(), group));
        }
        problems.addAll(report.problems());
    }

    private Optional<Group> group(String path, String name, JsonValue value, Report report) {
        JsonValue settings = value instanceof JsonArray
                ? Json.createObjectBuilder().add("servers", value).build()
                : value;
        if (!(settings instanceof JsonObject)) {
            report.error(path, "neither an array of servers nor an object", "Write {\"servers\": [\"...\"]}.");
            return Optional.empty();
        }
        Fields fields = new Fields("", Json.createObjectBuilder().build(), report)
                .within(new Fields.Found(path, settings), SHORT_NAMES);
        Set<ServerId> servers = servers(fields);
        Set<String> tags = new LinkedHashSet<>(fields.texts(Key.TAGS));
        Naming naming = fields.word(Key.COLLISIONS, List.of("prefix", "priority", "none"))
                .map(word -> Naming.valueOf(word.toUpperCase(Locale.ROOT)))
                .orElse(Naming.PREFIX);
        boolean search = fields.word(Key.GROUP_TOOLS, List.of("all", "search"))
                .filter("search"::equals)
                .isPresent();
        String description = fields.text(Key.DESCRIPTION).orElse("");
        Group.Filters filters = new Group.Filters(
                ExposureReader.filter(fields, Key.TOOLS_ENABLED, Key.TOOLS_DISABLED),
                ExposureReader.filter(fields, Key.PROMPTS_ENABLED, Key.PROMPTS_DISABLED),
                ExposureReader.filter(fields, Key.RESOURCES_ENABLED, Key.RESOURCES_DISABLED));
        if (servers.isEmpty() && tags.isEmpty() && !report.hasErrors()) {
            report.error(path, "no members (expected: \"servers\" or \"tags\")", "Name at least one.");
        }
        if (description.length() > DESCRIPTION_MAX) {
            report.error(
                    path + ".description",
                    description.length() + " characters (expected: at most 2000)",
                    "Shorten it.");
        }
        fields.warnOfTheRest(KEYS);
        return report.hasErrors()
                ? Optional.empty()
                : Optional.of(new Group(name, description, servers, tags, naming, search, filters, file + " " + path));
    }

    private static Set<ServerId> servers(Fields fields) {
        Set<ServerId> ids = new LinkedHashSet<>();
        for (String text : fields.texts(Key.GROUP_SERVERS)) {
            Slug.of(text).ifPresentOrElse(ids::add, () -> fields.report()
                    .error(
                            fields.path(Key.GROUP_SERVERS.text()),
                            "\"" + Report.shown(text) + "\" is no server (expected: ids or names)",
                            "Correct it."));
        }
        return ids;
    }
}

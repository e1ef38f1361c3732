package org.mcpservermanager.config;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mcpservermanager.server.Exposure;
import org.mcpservermanager.server.NameFilter;

/** Reads what clients see of a server, in our keys and in those of other gateways. */
final class ExposureReader {
    private static final int PATTERNS_MAX = 1_000;
    private static final int PATTERN_MAX = 256;
    private static final int NAMES_MAX = 1_000;
    private static final int DESCRIPTION_MAX = 8_000;
    private final Fields fields;
    private final List<String> toolsAllowed = new ArrayList<>();
    private final List<String> toolsDenied = new ArrayList<>();
    private final Map<String, String> toolNames = new LinkedHashMap<>();
    private final Map<String, String> toolDescriptions = new LinkedHashMap<>();
    private boolean toolsNamed;

    ExposureReader(Fields fields) {
        this.fields = fields;
    }

    Exposure read() {
        fields.find(Key.TOOLS).ifPresent(this::readTools);
        fields.find(Key.OPTIONS).ifPresent(this::readOptions);
        toolsNamed |= fields.has(Key.TOOLS_ENABLED);
        toolsAllowed.addAll(patterns(Key.TOOLS_ENABLED));
        toolsDenied.addAll(patterns(Key.TOOLS_DISABLED));
        toolNames.putAll(names(Key.TOOL_NAMES));
        toolDescriptions.putAll(descriptions(Key.TOOL_DESCRIPTIONS));
        Exposure.Named tools =
                new Exposure.Named(filter(toolsNamed, toolsAllowed, toolsDenied), toolNames, toolDescriptions);
        Exposure.Named prompts = new Exposure.Named(
                filter(fields, Key.PROMPTS_ENABLED, Key.PROMPTS_DISABLED),
                names(Key.PROMPT_NAMES),
                descriptions(Key.PROMPT_DESCRIPTIONS));
        return new Exposure(tools, prompts, filter(fields, Key.RESOURCES_ENABLED, Key.RESOURCES_DISABLED));
    }

    static NameFilter filter(Fields fields, Key enabled, Key disabled) {
        return filter(fields.has(enabled), patterns(fields, enabled), patterns(fields, disabled));
    }

    /** Whoever lists what is shown, and lists nothing, shows nothing. */
    private static NameFilter filter(boolean listed, List<String> allow, List<String> deny) {
        return listed && allow.isEmpty() ? new NameFilter(List.of(), List.of("*")) : new NameFilter(allow, deny);
    }

    /** {@code tools} is a list of what is shown, or an object of settings by tool. */
    private void readTools(Fields.Found found) {
        if (found.value() instanceof JsonArray) {
            toolsNamed = true;
            toolsAllowed.addAll(patterns(Key.TOOLS));
        } else if (found.value() instanceof JsonObject tools) {
            tools.forEach((name, value) -> {
                if (value instanceof JsonObject settings) {
                    readTool(name, settings);
                } else {
                    fields.wrong(new Fields.Found(found.name() + "." + name, value), "an object");
                }
            });
        } else {
            fields.wrong(found, "an array of names, or an object");
        }
    }

    private void readTool(String name, JsonObject settings) {
        JsonValue enabled = settings.getOrDefault("enabled", JsonValue.TRUE);
        if (enabled == JsonValue.FALSE) {
            toolsDenied.add(name.replace('*', '?'));
        }
        if (settings.get("description") instanceof JsonString text
                && !text.getString().isEmpty()) {
            toolDescriptions.put(name, text.getString());
        }
    }

    private void readOptions(Fields.Found found) {
        if (!(found.value() instanceof JsonObject)) {
            fields.wrong(found, "an object");
            return;
        }
        Fields options = fields.within(found, Map.of());
        Optional<Fields> filter = LimitsReader.within(
                options,
                Key.TOOL_FILTER,
                Map.of("mode", Key.TOOL_FILTER_MODE.text(), "list", Key.TOOL_FILTER_LIST.text()));
        filter.ifPresent(inner -> {
            boolean allows = inner.word(Key.TOOL_FILTER_MODE, List.of("allow", "block"))
                    .orElse("block")
                    .equals("allow");
            toolsNamed |= allows;
            (allows ? toolsAllowed : toolsDenied).addAll(patterns(inner, Key.TOOL_FILTER_LIST));
            inner.warnOfTheRest();
        });
        options.warnOfTheRest();
    }

    private List<String> patterns(Key key) {
        return patterns(fields, key);
    }

    private static List<String> patterns(Fields fields, Key key) {
        List<String> patterns = fields.texts(key);
        if (patterns.size() > PATTERNS_MAX
                || patterns.stream().anyMatch(text -> text.isBlank() || text.length() > PATTERN_MAX)) {
            report(
                    fields,
                    key,
                    patterns.size() + " patterns (expected: at most " + PATTERNS_MAX + ", each of 1 to " + PATTERN_MAX
                            + " characters)");
        }
        return patterns;
    }

    /** Two things under one name could not be told apart. */
    private Map<String, String> names(Key key) {
        Map<String, String> names = fields.map(key);
        Set<String> seen = new LinkedHashSet<>();
        names.forEach((own, shown) -> {
            if (!shown.matches("[A-Za-z0-9_./-]{1,64}")) {
                report(fields, key, "\"" + Report.shown(shown) + "\" (expected: 1 to 64 of A-Z a-z 0-9 _ - . /)");
            } else if (!seen.add(shown)) {
                report(fields, key, "\"" + shown + "\" is given twice (expected: each name once)");
            }
        });
        checkCount(key, names);
        return names;
    }

    private Map<String, String> descriptions(Key key) {
        Map<String, String> descriptions = fields.map(key);
        if (descriptions.values().stream().anyMatch(text -> text.length() > DESCRIPTION_MAX)) {
            report(fields, key, "a description is longer than " + DESCRIPTION_MAX + " characters");
        }
        checkCount(key, descriptions);
        return descriptions;
    }

    private void checkCount(Key key, Map<String, String> map) {
        if (map.size() > NAMES_MAX) {
            report(fields, key, map.size() + " entries (expected: at most " + NAMES_MAX + ")");
        }
    }

    private static void report(Fields fields, Key key, String what) {
        String name = fields.find(key).map(Fields.Found::name).orElse(key.text());
        fields.report().error(fields.path(name), what, "Correct the value.");
    }
}

package org.mcpservermanager.config;

import jakarta.json.JsonObjectBuilder;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.mcpservermanager.server.Exposure;
import org.mcpservermanager.server.Json;
import org.mcpservermanager.server.NameFilter;
import org.mcpservermanager.server.Quota;

/** What clients see of a server and may ask of it, as keys of an entry; what is as usual has none. */
public final class ExposureJson {
    private ExposureJson() {}

    public static JsonObjectBuilder add(JsonObjectBuilder json, Exposure exposure) {
        add(json, exposure.tools().filter(), Key.TOOLS_ENABLED, Key.TOOLS_DISABLED);
        add(json, Key.TOOL_NAMES, exposure.tools().names());
        add(json, Key.TOOL_DESCRIPTIONS, exposure.tools().descriptions());
        add(json, exposure.prompts().filter(), Key.PROMPTS_ENABLED, Key.PROMPTS_DISABLED);
        add(json, Key.PROMPT_NAMES, exposure.prompts().names());
        add(json, Key.PROMPT_DESCRIPTIONS, exposure.prompts().descriptions());
        add(json, exposure.resources(), Key.RESOURCES_ENABLED, Key.RESOURCES_DISABLED);
        return json;
    }

    static void add(JsonObjectBuilder json, Quota quota) {
        Quota standard = Quota.DEFAULT;
        if (quota.concurrentMax() != standard.concurrentMax()) {
            json.add(Key.CONCURRENT_REQUESTS_MAX.text(), quota.concurrentMax());
        }
        if (quota.perSecond() != standard.perSecond()) {
            json.add(Key.REQUEST_RATE_LIMIT.text(), quota.perSecond());
        }
        if (quota.repeats() != standard.repeats()) {
            json.add(Key.REPEAT_LOST_CALLS.text(), quota.repeats());
        }
    }

    private static void add(JsonObjectBuilder json, NameFilter filter, Key enabled, Key disabled) {
        add(json, enabled, filter.allow());
        add(json, disabled, filter.deny());
    }

    private static void add(JsonObjectBuilder json, Key key, Collection<String> patterns) {
        if (!patterns.isEmpty()) {
            json.add(key.text(), Json.createArrayBuilder(patterns));
        }
    }

    private static void add(JsonObjectBuilder json, Key key, Map<String, String> map) {
        if (!map.isEmpty()) {
            JsonObjectBuilder members = Json.createObjectBuilder();
            new TreeMap<>(map).forEach(members::add);
            json.add(key.text(), members);
        }
    }
}

package org.mcpservermanager.conversation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.mcpservermanager.protocol.Era;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Meta;

/** What every request of 2026-07-28 says in {@code _meta} about its client. */
final class ModernMeta {
    /** What a legacy client can declare and a modern server could not make use of: no counterpart, or another meaning. */
    private static final Set<String> LEGACY_ONLY = Set.of("tasks", "extensions");

    private ModernMeta() {}

    /** The members for a client, with raw JSON values. */
    static Map<String, String> of(Profile profile) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put(Meta.PROTOCOL_VERSION, JsonText.quote(Era.MODERN_VERSION));
        if (!profile.clientInfo().isEmpty()) {
            members.put(Meta.CLIENT_INFO, profile.clientInfo());
        }
        members.put(Meta.CLIENT_CAPABILITIES, capabilities(profile));
        return members;
    }

    /** As {@link #of}, for a request that may become, or is about, a task. */
    static Map<String, String> withTasks(Map<String, String> members) {
        members.computeIfPresent(
                Meta.CLIENT_CAPABILITIES,
                (name, declared) -> JsonText.with(declared, "extensions", "{\"" + Meta.TASKS_EXTENSION + "\":{}}"));
        return members;
    }

    /** Whether a server has the extension; raw JSON. */
    static boolean hasTasks(String capabilities) {
        String extensions = JsonText.member(capabilities, "extensions");
        return extensions.startsWith("{")
                && JsonText.member(extensions, Meta.TASKS_EXTENSION).startsWith("{");
    }

    private static String capabilities(Profile profile) {
        String declared = profile.capabilities().isEmpty() ? "{}" : profile.capabilities();
        if (profile.era() == Era.MODERN) {
            return declared;
        }
        String kept = JsonText.without(declared, LEGACY_ONLY);
        return JsonText.member(kept, "roots").isEmpty() ? kept : JsonText.with(kept, "roots", "{}");
    }
}

package org.mcpservermanager.gateway;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.mcpservermanager.gateway.modern.RawObject;
import org.mcpservermanager.gateway.modern.Violation;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;

/** Which notifications a client wants (basic/patterns/subscriptions, "Notification Filter"). */
record ListenFilter(boolean tools, boolean prompts, boolean resources, Set<String> uris) {
    private static final int URIS_MAX = 1_000;

    ListenFilter {
        uris = Set.copyOf(uris);
    }

    static ListenFilter of(Message request) {
        String raw = request.rawParam("notifications");
        if (!RawObject.isObject(raw)) {
            throw Violation.params("params.notifications is missing (expected: an object)");
        }
        RawObject filter = RawObject.of(raw);
        return new ListenFilter(
                filter.get("toolsListChanged").equals("true"),
                filter.get("promptsListChanged").equals("true"),
                filter.get("resourcesListChanged").equals("true"),
                uris(filter.get("resourceSubscriptions")));
    }

    private static Set<String> uris(String raw) {
        if (raw.isEmpty()) {
            return Set.of();
        }
        if (!raw.startsWith("[")) {
            throw Violation.params("notifications.resourceSubscriptions is invalid (expected: an array of URIs)");
        }
        Set<String> uris = new LinkedHashSet<>();
        JsonText.elements(raw).forEach(each -> uris.add(JsonText.unquote(each)));
        if (uris.size() > URIS_MAX || uris.contains("")) {
            throw Violation.params("notifications.resourceSubscriptions is invalid (expected: at most " + URIS_MAX
                    + " URIs, none of them empty)");
        }
        return uris;
    }

    /** What of it a server with these capabilities tells. */
    ListenFilter within(String capabilities) {
        return new ListenFilter(
                tools && declares(capabilities, "tools", "listChanged"),
                prompts && declares(capabilities, "prompts", "listChanged"),
                resources && declares(capabilities, "resources", "listChanged"),
                declares(capabilities, "resources", "subscribe") ? uris : Set.of());
    }

    private static boolean declares(String capabilities, String feature, String flag) {
        return JsonText.member(JsonText.member(capabilities, feature), flag).equals("true");
    }

    ListenFilter withUris(Collection<String> known) {
        return new ListenFilter(tools, prompts, resources, Set.copyOf(known));
    }

    boolean admits(Message notification) {
        return switch (notification.method()) {
            case Method.TOOLS_LIST_CHANGED -> tools;
            case Method.PROMPTS_LIST_CHANGED -> prompts;
            case Method.RESOURCES_LIST_CHANGED -> resources;
            // a server may name a part of what was subscribed to
            case Method.RESOURCES_UPDATED -> uris.stream().anyMatch(notification.param("uri")::startsWith);
            default -> false;
        };
    }

    String toJson() {
        RawObject filter = RawObject.of("");
        flag(filter, "toolsListChanged", tools);
        flag(filter, "promptsListChanged", prompts);
        flag(filter, "resourcesListChanged", resources);
        if (!uris.isEmpty()) {
            filter.put(
                    "resourceSubscriptions",
                    uris.stream().map(JsonText::quote).collect(Collectors.joining(",", "[", "]")));
        }
        return filter.toString();
    }

    private static void flag(RawObject filter, String name, boolean on) {
        if (on) {
            filter.put(name, "true");
        }
    }
}

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
record ListenFilter(boolean tools, boolean prompts, boolean resources, Set<String> uris, Set<String> taskIds) {
    private static final String URIS = "resourceSubscriptions";
    private static final String TASK_IDS = "taskIds";
    private static final int NAMES_MAX = 1_000;

    ListenFilter {
        uris = Set.copyOf(uris);
        taskIds = Set.copyOf(taskIds);
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
                names(filter, URIS),
                names(filter, TASK_IDS));
    }

    private static Set<String> names(RawObject filter, String member) {
        String raw = filter.get(member);
        if (raw.isEmpty()) {
            return Set.of();
        }
        if (!raw.startsWith("[")) {
            throw invalid(member, "an array of strings");
        }
        Set<String> names = new LinkedHashSet<>();
        JsonText.elements(raw).forEach(each -> names.add(JsonText.unquote(each)));
        if (names.size() > NAMES_MAX || names.contains("")) {
            throw invalid(member, "at most " + NAMES_MAX + " strings, none of them empty");
        }
        return names;
    }

    private static Violation invalid(String member, String expected) {
        return Violation.params("notifications." + member + " is invalid (expected: " + expected + ")");
    }

    /** What of it a server with these capabilities tells; of tasks it depends on whose they are. */
    ListenFilter within(String capabilities) {
        return new ListenFilter(
                tools && declares(capabilities, "tools", "listChanged"),
                prompts && declares(capabilities, "prompts", "listChanged"),
                resources && declares(capabilities, "resources", "listChanged"),
                declares(capabilities, "resources", "subscribe") ? uris : Set.of(),
                taskIds);
    }

    private static boolean declares(String capabilities, String feature, String flag) {
        return JsonText.member(JsonText.member(capabilities, feature), flag).equals("true");
    }

    ListenFilter withUris(Collection<String> known) {
        return new ListenFilter(tools, prompts, resources, Set.copyOf(known), taskIds);
    }

    ListenFilter withTasks(Collection<String> known) {
        return new ListenFilter(tools, prompts, resources, uris, Set.copyOf(known));
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
        names(filter, URIS, uris);
        names(filter, TASK_IDS, taskIds);
        return filter.toString();
    }

    private static void names(RawObject filter, String member, Set<String> names) {
        if (!names.isEmpty()) {
            filter.put(member, names.stream().map(JsonText::quote).collect(Collectors.joining(",", "[", "]")));
        }
    }

    private static void flag(RawObject filter, String name, boolean on) {
        if (on) {
            filter.put(name, "true");
        }
    }
}

package org.mcpservermanager.gateway.modern;

import org.mcpservermanager.protocol.JsonText;

/** Whether a tool of an older server may, or must, be called as a task (2025-11-25, basic/utilities/tasks, "Tool-Level Negotiation"). */
public enum TaskSupport {
    FORBIDDEN,
    OPTIONAL,
    REQUIRED;

    /** @param tool as listed, raw JSON; empty when it is in no list */
    public static TaskSupport of(String capabilities, String tool) {
        if (!isOffered(capabilities)) {
            return FORBIDDEN;
        }
        return switch (member(member(tool, "execution"), "taskSupport")) {
            case "\"optional\"" -> OPTIONAL;
            case "\"required\"" -> REQUIRED;
            default -> FORBIDDEN;
        };
    }

    /** Whether a server with these capabilities takes calls as tasks. */
    public static boolean isOffered(String capabilities) {
        String requests = member(member(capabilities, "tasks"), "requests");
        return !member(member(requests, "tools"), "call").isEmpty();
    }

    private static String member(String object, String name) {
        return RawObject.isObject(object) ? JsonText.member(object, name) : "";
    }
}

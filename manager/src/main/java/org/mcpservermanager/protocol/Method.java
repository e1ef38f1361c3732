package org.mcpservermanager.protocol;

import java.util.Set;

/** The names of the methods and notifications of MCP that the manager knows. */
public final class Method {
    public static final String INITIALIZE = "initialize";
    public static final String PING = "ping";
    /** Of 2026-07-28, as {@link #SUBSCRIPTIONS_LISTEN}. */
    public static final String SERVER_DISCOVER = "server/discover";

    public static final String SUBSCRIPTIONS_LISTEN = "subscriptions/listen";
    public static final String TOOLS_LIST = "tools/list";
    public static final String TOOLS_CALL = "tools/call";
    public static final String PROMPTS_LIST = "prompts/list";
    public static final String PROMPTS_GET = "prompts/get";
    public static final String RESOURCES_LIST = "resources/list";
    public static final String RESOURCES_TEMPLATES_LIST = "resources/templates/list";
    public static final String RESOURCES_READ = "resources/read";
    public static final String RESOURCES_SUBSCRIBE = "resources/subscribe";
    public static final String RESOURCES_UNSUBSCRIBE = "resources/unsubscribe";
    public static final String COMPLETION_COMPLETE = "completion/complete";
    public static final String LOGGING_SET_LEVEL = "logging/setLevel";

    public static final String TASKS_GET = "tasks/get";
    public static final String TASKS_CANCEL = "tasks/cancel";
    /** Of 2025-11-25 only, as {@link #TASKS_LIST}. */
    public static final String TASKS_RESULT = "tasks/result";

    public static final String TASKS_LIST = "tasks/list";
    /** Of the extension for 2026-07-28 only. */
    public static final String TASKS_UPDATE = "tasks/update";

    /** Questions of a server. */
    public static final String ELICITATION_CREATE = "elicitation/create";

    public static final String SAMPLING_CREATE_MESSAGE = "sampling/createMessage";
    public static final String ROOTS_LIST = "roots/list";

    public static final String INITIALIZED = "notifications/initialized";
    public static final String CANCELLED = "notifications/cancelled";
    public static final String PROGRESS = "notifications/progress";
    public static final String LOG = "notifications/message";
    public static final String TOOLS_LIST_CHANGED = "notifications/tools/list_changed";
    public static final String PROMPTS_LIST_CHANGED = "notifications/prompts/list_changed";
    public static final String RESOURCES_LIST_CHANGED = "notifications/resources/list_changed";
    public static final String RESOURCES_UPDATED = "notifications/resources/updated";
    /** Of 2026-07-28. */
    public static final String SUBSCRIPTIONS_ACKNOWLEDGED = "notifications/subscriptions/acknowledged";

    /** Of the extension for 2026-07-28. */
    public static final String TASKS = "notifications/tasks";
    /** Of 2025-11-25. */
    public static final String TASKS_STATUS = "notifications/tasks/status";

    public static final String ROOTS_LIST_CHANGED = "notifications/roots/list_changed";

    private static final Set<String> CACHEABLE =
            Set.of(SERVER_DISCOVER, TOOLS_LIST, PROMPTS_LIST, RESOURCES_LIST, RESOURCES_TEMPLATES_LIST, RESOURCES_READ);

    private Method() {}

    /** Whether the results say in 2026-07-28 how long they may be kept, and by whom. */
    public static boolean isCacheable(String method) {
        return CACHEABLE.contains(method);
    }
}

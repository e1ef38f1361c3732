package org.mcpservermanager.protocol;

/** Members of {@code _meta} that revision 2026-07-28 defines (basic/index, "_meta"). */
public final class Meta {
    public static final String PREFIX = "io.modelcontextprotocol/";
    public static final String PROTOCOL_VERSION = PREFIX + "protocolVersion";
    public static final String CLIENT_INFO = PREFIX + "clientInfo";
    public static final String CLIENT_CAPABILITIES = PREFIX + "clientCapabilities";
    public static final String SERVER_INFO = PREFIX + "serverInfo";
    public static final String LOG_LEVEL = PREFIX + "logLevel";
    public static final String SUBSCRIPTION_ID = PREFIX + "subscriptionId";
    public static final String RELATED_TASK = PREFIX + "related-task";
    /** The name of an extension, among the capabilities. */
    public static final String TASKS_EXTENSION = PREFIX + "tasks";

    private Meta() {}

    /** The task that the message is about by its server's word, by that server's id; empty for none (2025-11-25 only). */
    public static String relatedTask(Message message) {
        String related = member(message.rawParam("_meta"), RELATED_TASK);
        String id = member(related, "taskId");
        return id.startsWith("\"") ? JsonText.unquote(id) : "";
    }

    private static String member(String object, String name) {
        return object.startsWith("{") ? JsonText.member(object, name) : "";
    }
}

package org.mcpservermanager.gateway.modern;

import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Meta;
import org.mcpservermanager.protocol.RpcError;

/** The extension io.modelcontextprotocol/tasks, which is how 2026-07-28 knows tasks. */
public final class TasksExtension {
    private static final String DECLARATION = "{\"extensions\":{\"" + Meta.TASKS_EXTENSION + "\":{}}}";

    private TasksExtension() {}

    /** @param capabilities of a client or of a server, raw JSON */
    public static boolean isIn(String capabilities) {
        String extensions = member(capabilities, "extensions");
        return RawObject.isObject(member(extensions, Meta.TASKS_EXTENSION));
    }

    private static String member(String object, String name) {
        return RawObject.isObject(object) ? JsonText.member(object, name) : "";
    }

    /** @param extensions of others, raw JSON; empty for none */
    static String with(String extensions) {
        return RawObject.of(RawObject.isObject(extensions) ? extensions : "")
                .put(Meta.TASKS_EXTENSION, "{}")
                .toString();
    }

    /** For a client that uses tasks without having declared them. */
    public static RpcError missing() {
        return Abilities.missing(DECLARATION);
    }
}

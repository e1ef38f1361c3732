package org.mcpservermanager.gateway.modern;

import java.time.Duration;
import java.util.Optional;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Meta;

/** Tasks as 2025-11-25 writes them, and as the extension does. */
final class TaskShape {
    /** Of a call that is to become a task. */
    static final String WANTED = "{\"ttl\":" + Duration.ofHours(1).toMillis() + "}";

    private static final Duration TTL_MAX = Duration.ofHours(24);

    private TaskShape() {}

    /** The task that the server made of a call, raw JSON; empty when the response brings none. */
    static Optional<String> made(Message response) {
        if (response.kind() != Message.Kind.RESULT || !RawObject.isObject(response.result())) {
            return Optional.empty();
        }
        String task = RawObject.of(response.result()).get("task");
        return RawObject.isObject(task) && !RawObject.of(task).text("taskId").isEmpty()
                ? Optional.of(task)
                : Optional.empty();
    }

    /** How long it is kept here. */
    static Duration ttl(String task) {
        String raw = RawObject.of(task).get("ttl");
        return raw.matches("[0-9]{1,15}") && Long.parseLong(raw) < TTL_MAX.toMillis()
                ? Duration.ofMillis(Long.parseLong(raw))
                : TTL_MAX;
    }

    /** Without anything that depends on the status. */
    static RawObject flat(String task, String name, Duration ttl, String status) {
        RawObject legacy = RawObject.of(task);
        RawObject flat = RawObject.of("").put("taskId", JsonText.quote(name)).put("status", JsonText.quote(status));
        for (String same : new String[] {"statusMessage", "createdAt", "lastUpdatedAt"}) {
            if (legacy.has(same)) {
                flat.put(same, legacy.get(same));
            }
        }
        flat.put("ttlMs", Long.toString(ttl.toMillis()));
        return legacy.get("pollInterval").matches("[0-9]{1,15}")
                ? flat.put("pollIntervalMs", legacy.get("pollInterval"))
                : flat;
    }

    /** The task's id is the server's own there, and nobody needs it. */
    static Message withoutRelated(Message response) {
        if (response.kind() != Message.Kind.RESULT || !RawObject.isObject(response.result())) {
            return response;
        }
        RawObject result = RawObject.of(response.result());
        String meta = result.get("_meta");
        if (!RawObject.isObject(meta) || !RawObject.of(meta).has(Meta.RELATED_TASK)) {
            return response;
        }
        RawObject rest = RawObject.of(meta).without(Meta.RELATED_TASK);
        return Message.result(
                response.id(),
                (rest.isEmpty() ? result.without("_meta") : result.put("_meta", rest.toString())).toString());
    }
}

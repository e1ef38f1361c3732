package org.mcpservermanager.conversation;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Meta;
import org.mcpservermanager.protocol.Method;

/**
 * Who made which task of a legacy server. What the server says of it comes after the call that made it, and names the task
 * (2025-11-25, basic/utilities/tasks, "Associating Task-Related Messages") or the progress token of that call. Guarded by this.
 */
final class TaskOwners {
    static final int TASKS_MAX = 1000;

    private final Map<String, Made> byId = new LinkedHashMap<>(); // the eldest first
    private final Map<Long, Made> byCall = new HashMap<>();

    /** @param call our number of the call that became the task */
    record Made(String id, long call, Client client, String progressToken) {}

    /** Before the answer goes to the client: the server may say more at once. */
    void answered(OpenCall call, Message answer) {
        boolean mayBeTask = answer.kind() == Message.Kind.RESULT && makesTask(call);
        String task = mayBeTask ? member(answer.result(), "task") : "";
        String id = member(task, "taskId");
        if (id.startsWith("\"") && id.length() > 2) {
            Client client = call.exchange().client();
            add(new Made(JsonText.unquote(id), call.id(), client, call.request().progressToken()));
        }
    }

    static boolean makesTask(OpenCall call) {
        return call.request().method().equals(Method.TOOLS_CALL)
                && !call.request().rawParam("task").isEmpty();
    }

    private static String member(String object, String name) {
        return object.startsWith("{") ? JsonText.member(object, name) : "";
    }

    private synchronized void add(Made made) {
        byId.values().removeIf(each -> each.client().isGone());
        byId.put(made.id(), made);
        if (byId.size() > TASKS_MAX) {
            byId.remove(byId.keySet().iterator().next());
        }
        byCall.put(made.call(), made);
        byCall.keySet().retainAll(byId.values().stream().map(Made::call).collect(Collectors.toSet()));
    }

    /** The maker of the task that the message names; empty when nobody is known, or is there any more. */
    synchronized Optional<Made> of(Message message) {
        return Optional.ofNullable(byId.get(Meta.relatedTask(message)))
                .filter(made -> !made.client().isGone());
    }

    /** The same by the progress token. */
    synchronized Optional<Made> ofProgress(Message progress) {
        return Optional.ofNullable(byCall.get(progress.plainProgressToken()))
                .filter(made -> !made.client().isGone())
                .or(() -> of(progress));
    }
}

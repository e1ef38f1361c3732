package org.mcpservermanager.gateway;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.server.ServerId;

/**
 * At the endpoint of one server ids stay as they are. The server takes all callers for one, so a task that one caller made is kept
 * from the others; one that nobody remembers, e.g. from before a restart, is left to its server.
 */
final class PlainTasks implements PassedTasks {
    static final int REMEMBERED_MAX = 10_000;

    private final Map<Made, String> callers = new LinkedHashMap<>(); // guarded by this; the eldest first

    private record Made(ServerId server, String task) {}

    @Override
    public Optional<Message> inward(ServerId server, String caller, Message request) {
        if (request.method().equals(Method.SUBSCRIPTIONS_LISTEN)) {
            return Optional.of(listening(server, caller, request));
        }
        return !PassedTasks.isAbout(request) || isOpenTo(caller, new Made(server, request.param("taskId")))
                ? Optional.of(request)
                : Optional.empty();
    }

    /** The server would tell of any task. */
    private Message listening(ServerId server, String caller, Message listen) {
        String filter = listen.rawParam("notifications");
        String ids = filter.startsWith("{") ? JsonText.member(filter, "taskIds") : "";
        if (!ids.startsWith("[")) {
            return listen;
        }
        String open = JsonText.elements(ids).stream()
                .filter(id -> !id.startsWith("\"") || isOpenTo(caller, new Made(server, JsonText.unquote(id))))
                .collect(Collectors.joining(",", "[", "]"));
        return listen.withParam("notifications", JsonText.with(filter, "taskIds", open));
    }

    private synchronized boolean isOpenTo(String caller, Made task) {
        return callers.getOrDefault(task, caller).equals(caller);
    }

    @Override
    public Message outward(ServerId server, String caller, Message request, Message response) {
        String task = PassedTasks.made(request, response);
        if (!task.isEmpty()) {
            remember(new Made(server, task), caller);
        }
        return response;
    }

    private synchronized void remember(Made task, String caller) {
        callers.put(task, caller);
        if (callers.size() > REMEMBERED_MAX) {
            callers.remove(callers.keySet().iterator().next());
        }
    }
}

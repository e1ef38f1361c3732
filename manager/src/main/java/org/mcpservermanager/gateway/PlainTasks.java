package org.mcpservermanager.gateway;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.mcpservermanager.protocol.Message;
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
        return !PassedTasks.isAbout(request) || isOpenTo(caller, new Made(server, request.param("taskId")))
                ? Optional.of(request)
                : Optional.empty();
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

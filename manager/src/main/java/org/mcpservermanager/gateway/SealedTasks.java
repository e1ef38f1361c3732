package org.mcpservermanager.gateway;

import java.util.Optional;
import org.mcpservermanager.gateway.modern.Bridge;
import org.mcpservermanager.gateway.modern.TaskName;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.ServerId;

/** At the endpoint over all servers the id says which server has the task, and for whom. */
record SealedTasks(Bridge bridge) implements PassedTasks {

    @Override
    public Optional<Message> inward(ServerId server, String caller, Message request) {
        return !PassedTasks.isAbout(request)
                ? Optional.of(request)
                : bridge.task(request.param("taskId"), caller)
                        .filter(task -> task.server().equals(server))
                        .map(task -> request.withParam("taskId", JsonText.quote(task.own())));
    }

    @Override
    public Message outward(ServerId server, String caller, Message request, Message response) {
        String made = PassedTasks.made(request, response);
        if (!made.isEmpty()) {
            return renamed(response, bridge.sealed(new TaskName(server, caller, made)));
        }
        boolean isTold = PassedTasks.isAbout(request)
                && response.kind() == Message.Kind.RESULT
                && !RawJson.string(response.result(), "taskId").isEmpty();
        return isTold ? renamed(response, request.param("taskId")) : response;
    }

    private static Message renamed(Message response, String shown) {
        return Message.result(response.id(), RawJson.withMember(response.result(), "taskId", JsonText.quote(shown)));
    }
}

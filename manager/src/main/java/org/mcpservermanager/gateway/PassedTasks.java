package org.mcpservermanager.gateway;

import java.util.Optional;
import org.mcpservermanager.gateway.modern.RawObject;
import org.mcpservermanager.gateway.modern.RequestMeta;
import org.mcpservermanager.gateway.modern.TasksExtension;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.ServerId;

/** The tasks that stateless clients have at servers of their own era (extension io.modelcontextprotocol/tasks). */
interface PassedTasks {
    /** The request with the id that its server knows; empty when it is about a task that is not this caller's. */
    Optional<Message> inward(ServerId server, String caller, Message request);

    /** What the client is told. */
    Message outward(ServerId server, String caller, Message request, Message response);

    static boolean isAbout(Message request) {
        return switch (request.method()) {
            case Method.TASKS_GET, Method.TASKS_UPDATE, Method.TASKS_CANCEL -> true;
            default -> false;
        };
    }

    /** The id of the task that the response to a call brings; empty when it brings none. */
    static String made(Message request, Message response) {
        if (!request.method().equals(Method.TOOLS_CALL)
                || response.kind() != Message.Kind.RESULT
                || !RawObject.isObject(response.result())) {
            return "";
        }
        boolean isTask = JsonText.member(response.result(), "resultType").equals("\"task\"");
        return isTask ? RawJson.string(response.result(), "taskId") : "";
    }

    static RpcError refusal(RequestMeta meta) {
        return TasksExtension.isIn(meta.capabilities())
                ? RpcError.of(RpcError.INVALID_PARAMS, "Task not found")
                : TasksExtension.missing();
    }
}

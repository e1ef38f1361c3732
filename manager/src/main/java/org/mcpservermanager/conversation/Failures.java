package org.mcpservermanager.conversation;

import java.time.Duration;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;

/** The errors that callers get in place of an answer of the server. */
final class Failures {
    private Failures() {}

    static RpcError unavailable(ServerId server, Problem cause) {
        String data = "{\"server\":" + JsonText.quote(server.value())
                + ",\"code\":" + JsonText.quote(cause.code())
                + ",\"message\":" + JsonText.quote(cause.message())
                + ",\"remedy\":" + JsonText.quote(cause.remedy()) + "}";
        return new RpcError(
                RpcError.SERVER_UNAVAILABLE, "Server '" + server + "' is not available: " + cause.message(), data);
    }

    static RpcError timeout(ServerId server, Duration waited) {
        String data = "{\"server\":" + JsonText.quote(server.value()) + ",\"reason\":\"timeout\",\"timeoutMs\":"
                + waited.toMillis() + "}";
        return new RpcError(
                RpcError.SERVER_UNAVAILABLE,
                "Server '" + server + "' did not answer within " + waited.toMillis() + " ms",
                data);
    }

    static RpcError notReading(ServerId server) {
        return unavailable(
                server,
                new Problem(
                        "server_not_reading",
                        "it does not read its input, and the queue for it is full",
                        "Try again later, or restart the server."));
    }
}

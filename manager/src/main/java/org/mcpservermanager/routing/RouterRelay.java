package org.mcpservermanager.routing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.conversation.DirectExchange;
import org.mcpservermanager.conversation.ManagerClient;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.protocol.MalformedMessage;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.supervision.Servers;

/** Relays through the router, as the manager's own client. */
public final class RouterRelay implements MessageRelay {
    private final Servers servers;
    private final Router router;
    private final ManagerClient client;

    public RouterRelay(Servers servers, Router router, Profile managerProfile) {
        this.servers = servers;
        this.router = router;
        this.client = new ManagerClient(managerProfile);
    }

    @Override
    public CompletionStage<String> relay(ServerId server, String json, Duration timeout) {
        if (servers.find(server).isEmpty()) {
            return failed(
                    Problem.SERVER_NOT_FOUND, "Server '" + server + "' not found", "GET /api/mcp/servers lists them.");
        }
        Message message;
        try {
            message = Message.parse(json.getBytes(StandardCharsets.UTF_8));
        } catch (MalformedMessage malformed) {
            return failed(
                    Problem.INVALID_REQUEST,
                    "not a JSON-RPC message: " + malformed.getMessage(),
                    "Send {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"} or the like.");
        }
        return switch (message.kind()) {
            case REQUEST -> request(server, message, timeout);
            case NOTIFICATION -> {
                router.tell(server, client, message);
                yield CompletableFuture.completedFuture("");
            }
            case RESULT, ERROR ->
                failed(
                        Problem.INVALID_REQUEST,
                        "the message is a response (expected: a request or a notification)",
                        "Responses are matched by the manager itself; send a request.");
        };
    }

    private CompletionStage<String> request(ServerId server, Message request, Duration timeout) {
        DirectExchange exchange = new DirectExchange(request, client);
        Call call = router.send(server, exchange);
        return exchange.outcome()
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .handle((response, failure) -> {
                    if (failure instanceof TimeoutException) {
                        call.cancel("timeout");
                        throw new ProblemException(new Problem(
                                Problem.TIMEOUT,
                                "server '" + server + "' did not answer " + request.method() + " within "
                                        + timeout.toMillis() + " ms",
                                "Look at its health and output; try again."));
                    }
                    return new String(response.bytes(), StandardCharsets.UTF_8);
                });
    }

    private static CompletionStage<String> failed(String code, String message, String remedy) {
        return CompletableFuture.failedFuture(new ProblemException(new Problem(code, message, remedy)));
    }
}

package org.mcpservermanager.gateway;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.conversation.Peer;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.routing.Router;
import org.mcpservermanager.routing.Wishes;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;

/** Servers that answer as the test says. */
final class FakeRouter implements Router {
    final Map<String, FakeServer> servers = new HashMap<>();
    final List<Client> attached = new ArrayList<>();
    final List<Client> detached = new ArrayList<>();
    final List<String> resumed = new ArrayList<>();
    final List<String> told = new ArrayList<>();
    final List<String> cancelled = new ArrayList<>();
    Call held = reason -> cancelled.add(reason);

    static final class FakeServer {
        String version = "2025-11-25";
        String capabilities = "{\"tools\":{},\"prompts\":{},\"resources\":{},\"logging\":{}}";
        final List<Exchange> received = new ArrayList<>();
        final Map<String, Consumer<Exchange>> handlers = new HashMap<>();

        /** Answers this method with a result. */
        FakeServer answers(String method, String result) {
            handlers.put(
                    method,
                    exchange ->
                            exchange.complete(Message.result(exchange.request().id(), result)));
            return this;
        }

        /** Takes the request and lets the test go on with it. */
        FakeServer holds(String method) {
            handlers.put(method, exchange -> {});
            return this;
        }

        List<Message> received(String method) {
            return received.stream()
                    .map(Exchange::request)
                    .filter(request -> request.method().equals(method))
                    .toList();
        }

        Exchange last() {
            return received.get(received.size() - 1);
        }
    }

    FakeServer add(String id) {
        FakeServer server = new FakeServer();
        servers.put(id, server);
        for (ListKind kind : ListKind.values()) {
            server.answers(kind.method(), "{\"" + kind.member() + "\":[]}");
        }
        return server;
    }

    @Override
    public Call send(ServerId id, Exchange exchange) {
        FakeServer server = servers.get(id.value());
        if (server == null) {
            exchange.complete(Message.error(
                    exchange.request().id(), RpcError.of(RpcError.SERVER_UNAVAILABLE, "Server " + id + " is stopped")));
            return Call.DONE;
        }
        server.received.add(exchange);
        server.handlers
                .getOrDefault(exchange.request().method(), FakeRouter::methodNotFound)
                .accept(exchange);
        return held;
    }

    private static void methodNotFound(Exchange exchange) {
        exchange.complete(
                Message.error(exchange.request().id(), RpcError.of(RpcError.METHOD_NOT_FOUND, "Method not found")));
    }

    @Override
    public void tell(ServerId server, Client client, Message notification) {
        told.add(server + " " + notification.method());
    }

    @Override
    public CompletionStage<Peer> attach(ServerId id, Client client) {
        FakeServer server = servers.get(id.value());
        if (server == null) {
            return CompletableFuture.failedFuture(new ProblemException(new Problem(
                    Problem.SERVER_NOT_FOUND, "No server \"" + id + "\".", "List the servers with mcpctl list.")));
        }
        attached.add(client);
        String result = "{\"protocolVersion\":" + JsonText.quote(server.version) + ",\"capabilities\":"
                + server.capabilities + ",\"serverInfo\":{\"name\":\"" + id
                + "\",\"version\":\"3\"},\"instructions\":\"ask nicely\",\"x\":[1, 2]}";
        return CompletableFuture.completedFuture(
                new Peer(server.version, server.capabilities, "{}", "\"ask nicely\"", result, "", id.value(), "3"));
    }

    @Override
    public boolean resume(ServerId id, Client client, Wishes wishes) {
        resumed.add(id + " " + wishes.level() + " " + wishes.watched());
        return servers.containsKey(id.value());
    }

    @Override
    public void detach(Client client) {
        detached.add(client);
    }
}

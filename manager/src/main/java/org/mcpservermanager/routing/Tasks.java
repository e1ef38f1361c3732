package org.mcpservermanager.routing;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.conversation.ForwardingExchange;
import org.mcpservermanager.protocol.Era;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;

/**
 * Whose the tasks of a shared copy are (2025-11-25, basic/utilities/tasks): a client sees those it made, and no others, whatever ids
 * it knows. Clients of 2026-07-28 have no session that could own a task: the gateway binds theirs to the caller.
 */
final class Tasks {
    static final String STATUS = Method.TASKS_STATUS;
    private static final int TASKS_MAX = 10_000;

    private final Map<String, Client> owners = new LinkedHashMap<>(); // guarded by this; the eldest first

    /** The exchange that may be begun in its place, or empty: it was refused. */
    Optional<Exchange> admit(Exchange exchange) {
        Message request = exchange.request();
        if (exchange.client().profile().era() == Era.MODERN) {
            return Optional.of(exchange);
        }
        return switch (request.method()) {
            case "tools/call" ->
                Optional.of(request.rawParam("task").isEmpty() ? exchange : new Answering(exchange, this::made));
            case "tasks/get", "tasks/result", "tasks/cancel" -> ofOwner(exchange);
            case "tasks/list" -> Optional.of(new Answering(exchange, this::ownOnly));
            default -> Optional.of(exchange);
        };
    }

    synchronized Optional<Client> owner(Message status) {
        return Optional.ofNullable(owners.get(status.param("taskId")));
    }

    synchronized void forget(Client client) {
        owners.values().removeIf(client::equals);
    }

    private synchronized boolean isOf(Client client, String task) {
        return client.equals(owners.get(task));
    }

    private Optional<Exchange> ofOwner(Exchange exchange) {
        Message request = exchange.request();
        if (exchange.client().isManager() || isOf(exchange.client(), request.param("taskId"))) {
            return Optional.of(exchange);
        }
        exchange.complete(Message.error(
                request.id(), RpcError.of(RpcError.INVALID_PARAMS, "Task not found: " + request.param("taskId"))));
        return Optional.empty();
    }

    private Message made(Client client, Message response) {
        String task = id(JsonText.member(response.result(), "task"));
        if (!task.isEmpty()) {
            synchronized (this) {
                owners.put(task, client);
                if (owners.size() > TASKS_MAX) {
                    owners.remove(owners.keySet().iterator().next());
                }
            }
        }
        return response;
    }

    private Message ownOnly(Client client, Message response) {
        String all = JsonText.member(response.result(), "tasks");
        if (client.isManager() || !all.startsWith("[")) {
            return response;
        }
        Map<String, String> members = new LinkedHashMap<>(JsonText.members(response.result()));
        members.put(
                "tasks",
                JsonText.elements(all).stream()
                        .filter(task -> isOf(client, id(task)))
                        .collect(Collectors.joining(",", "[", "]")));
        return Message.result(
                response.id(),
                members.entrySet().stream()
                        .map(member -> JsonText.quote(member.getKey()) + ":" + member.getValue())
                        .collect(Collectors.joining(",", "{", "}")));
    }

    private static String id(String task) {
        String raw = task.startsWith("{") ? JsonText.member(task, "taskId") : "";
        return raw.isEmpty() ? "" : JsonText.unquote(raw);
    }

    private interface Change {
        Message of(Client client, Message response);
    }

    private record Answering(Exchange inner, Change change) implements ForwardingExchange {

        @Override
        public void complete(Message response) {
            inner.complete(response.kind() == Message.Kind.RESULT ? change.of(inner.client(), response) : response);
        }
    }
}

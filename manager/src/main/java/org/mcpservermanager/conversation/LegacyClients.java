package org.mcpservermanager.conversation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Meta;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;

/** Serves clients of earlier revisions before a modern server: what they ask of a session is kept here, the rest translated. */
final class LegacyClients {
    private static final List<String> LEVELS =
            List.of("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency");
    private static final Set<String> NOT_OF_LEGACY = Set.of("task", "inputResponses", "requestState");

    private final Terms terms;
    private final Dispatch dispatch;
    private final Listening listening;
    private final LegacyResults results = new LegacyResults();
    private final LegacyTasks tasks;
    /** A client that is gone takes its level with it. */
    private final Map<Client, String> levels = Collections.synchronizedMap(new WeakHashMap<>());
    /** Written once, before the first call. */
    private volatile String capabilities = "{}";

    LegacyClients(Terms terms, Dispatch dispatch, Subscriptions subscriptions, Listening listening) {
        this.terms = terms;
        this.dispatch = dispatch;
        this.listening = listening;
        this.tasks = new LegacyTasks(terms, dispatch, subscriptions, results);
    }

    void opened(Peer peer) {
        capabilities = peer.capabilities();
    }

    Call begin(Exchange exchange) {
        Message request = exchange.request();
        if (hasTasks(exchange.client())) {
            Optional<Call> tasked = tasked(exchange);
            if (tasked.isPresent()) {
                return tasked.get();
            }
        }
        return switch (request.method()) {
            case Method.TOOLS_LIST,
                    Method.TOOLS_CALL,
                    Method.PROMPTS_LIST,
                    Method.PROMPTS_GET,
                    Method.RESOURCES_LIST,
                    Method.RESOURCES_TEMPLATES_LIST,
                    Method.RESOURCES_READ,
                    Method.COMPLETION_COMPLETE -> rounds(exchange, translated(request, exchange.client()));
            case Method.PING -> ping(exchange);
            case Method.LOGGING_SET_LEVEL -> setLevel(exchange);
            case Method.RESOURCES_SUBSCRIBE, Method.RESOURCES_UNSUBSCRIBE -> watch(exchange);
            default -> unknown(exchange);
        };
    }

    private boolean hasTasks(Client client) {
        return ModernMeta.hasTasks(capabilities) && LegacyTasks.isKnownTo(client);
    }

    /** What is different where both sides know tasks. */
    private Optional<Call> tasked(Exchange exchange) {
        Message request = exchange.request();
        return switch (request.method()) {
            case Method.TOOLS_LIST ->
                Optional.of(new Rounds(
                                exchange,
                                translated(request, exchange.client()),
                                terms,
                                dispatch,
                                (asked, answer) -> LegacyResults.withTaskSupport(results.translated(asked, answer)))
                        .begin());
            case Method.TOOLS_CALL ->
                request.rawParam("task").startsWith("{")
                        ? Optional.of(tasks.create(exchange, withTasks(translated(request, exchange.client()))))
                        : Optional.empty();
            case Method.TASKS_GET, Method.TASKS_RESULT, Method.TASKS_CANCEL -> Optional.of(tasks.about(exchange));
            case Method.TASKS_LIST -> Optional.of(tasks.list(exchange));
            default -> Optional.empty();
        };
    }

    private static Message withTasks(Message request) {
        Map<String, String> meta = JsonText.members(request.rawParam("_meta"));
        return request.withParam("_meta", JsonText.object(ModernMeta.withTasks(meta)));
    }

    private Call rounds(Exchange exchange, Message request) {
        return new Rounds(exchange, request, terms, dispatch, results::translated).begin();
    }

    private Message translated(Message request, Client client) {
        String params = request.params();
        Message bare =
                NOT_OF_LEGACY.stream().allMatch(name -> request.rawParam(name).isEmpty())
                        ? request
                        : Message.request(request.id(), request.method(), JsonText.without(params, NOT_OF_LEGACY));
        return bare.withParam("_meta", JsonText.object(meta(request, client)));
    }

    private Map<String, String> meta(Message request, Client client) {
        Map<String, String> members = new LinkedHashMap<>(ModernMeta.of(client.profile()));
        String level = levels.get(client);
        if (level != null && declares("logging")) {
            members.put(Meta.LOG_LEVEL, JsonText.quote(level));
        }
        String own = request.rawParam("_meta");
        if (!own.isEmpty()) {
            JsonText.members(own).forEach((name, value) -> {
                if (!name.startsWith(Meta.PREFIX)) {
                    members.put(name, value);
                }
            });
        }
        return members;
    }

    private boolean declares(String capability) {
        return !JsonText.member(capabilities, capability).isEmpty();
    }

    /** The manager asks whether the server is well, everybody else whether the way to it is open. */
    private Call ping(Exchange exchange) {
        if (!exchange.client().isManager()) {
            return answer(exchange, "{}");
        }
        Message request = exchange.request();
        String params =
                "{\"_meta\":" + JsonText.object(ModernMeta.of(exchange.client().profile())) + "}";
        return rounds(exchange, Message.request(request.id(), Method.SERVER_DISCOVER, params));
    }

    private Call setLevel(Exchange exchange) {
        String level = exchange.request().param("level");
        if (!declares("logging")) {
            return unknown(exchange);
        }
        if (!LEVELS.contains(level)) {
            return refuse(
                    exchange,
                    RpcError.of(
                            RpcError.INVALID_PARAMS,
                            "level: \"" + level + "\" (expected: one of " + String.join(", ", LEVELS) + ")"));
        }
        levels.put(exchange.client(), level);
        return answer(exchange, "{}");
    }

    private Call watch(Exchange exchange) {
        Message request = exchange.request();
        String uri = request.param("uri");
        boolean canWatch = JsonText.member(JsonText.member(capabilities, "resources"), "subscribe")
                .equals("true");
        if (!canWatch) {
            return unknown(exchange);
        }
        if (uri.isEmpty()) {
            return refuse(exchange, RpcError.of(RpcError.INVALID_PARAMS, "uri is missing (expected: a string)"));
        }
        Listening.Change change =
                request.method().equals(Method.RESOURCES_SUBSCRIBE) ? listening.watch(uri) : listening.unwatch(uri);
        change.whenDone(refusal -> refusal.ifPresentOrElse(
                error -> exchange.complete(Message.error(request.id(), error)),
                () -> exchange.complete(Message.result(request.id(), "{}"))));
        return reason -> change.forget();
    }

    private static Call unknown(Exchange exchange) {
        return refuse(
                exchange,
                RpcError.of(
                        RpcError.METHOD_NOT_FOUND,
                        "Method not found: " + exchange.request().method()));
    }

    private static Call refuse(Exchange exchange, RpcError error) {
        exchange.complete(Message.error(exchange.request().id(), error));
        return Call.DONE;
    }

    private static Call answer(Exchange exchange, String result) {
        exchange.complete(Message.result(exchange.request().id(), result));
        return Call.DONE;
    }
}

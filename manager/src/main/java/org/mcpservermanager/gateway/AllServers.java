package org.mcpservermanager.gateway;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.Product;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.routing.Readdressed;
import org.mcpservermanager.routing.Router;
import org.mcpservermanager.routing.Wishes;
import org.mcpservermanager.server.Naming;
import org.mcpservermanager.server.ServerId;

/** The aggregate endpoint of one session: lists from memory, everything else to the server that owns the name or URI. */
final class AllServers implements Target {
    private static final String TASKS = ",\"tasks\":{\"list\":{},\"cancel\":{},\"requests\":{\"tools\":{\"call\":{}}}}";
    static final String CAPABILITIES = "{\"tools\":{\"listChanged\":true},"
            + "\"resources\":{\"subscribe\":true,\"listChanged\":true},\"prompts\":{\"listChanged\":true},"
            + "\"completions\":{},\"logging\":{}}";
    private static final int SERVERS_NAMED_MAX = 100;
    private static final int WATCHED_MAX = 1_000;

    private final Router router;
    private final Catalogue catalogue;
    private final Owners owners;
    private final Client client;
    private final SearchTools search;
    private final boolean searches;
    private final SessionTasks tasks = new SessionTasks();
    private final Attachments attached;
    private final Map<String, ServerId> watched = new ConcurrentHashMap<>();

    AllServers(Router router, Catalogue catalogue, Client client) {
        this(router, catalogue, client, catalogue.group().search());
    }

    /** @param searches whether the client is shown tools to find tools, instead of all tools */
    AllServers(Router router, Catalogue catalogue, Client client, boolean searches) {
        this.search = new SearchTools(catalogue);
        this.searches = searches;
        this.router = router;
        this.catalogue = catalogue;
        this.owners = new Owners(catalogue);
        this.client = client;
        this.attached = new Attachments(router, client);
    }

    @Override
    public CompletionStage<Greeting> open() {
        String version = client.profile().protocolVersion();
        String result = "{\"protocolVersion\":" + JsonText.quote(version) + ",\"capabilities\":" + capabilities(version)
                + ",\"serverInfo\":" + Product.INFO + ",\"instructions\":" + JsonText.quote(instructions(catalogue))
                + "}";
        return CompletableFuture.completedFuture(new Greeting(version, result));
    }

    /** Tasks came with the last revision of this era. */
    private String capabilities(String version) {
        return capabilities(version.compareTo(Revisions.LATEST_LEGACY) >= 0 && catalogue.hasTasks());
    }

    static String capabilities(boolean tasked) {
        return tasked ? CAPABILITIES.substring(0, CAPABILITIES.length() - 1) + TASKS + "}" : CAPABILITIES;
    }

    @Override
    public boolean resume(SessionWishes wishes) {
        attached.resume(LogLevel.named(wishes.level()).orElse(LogLevel.UNSET));
        watched.putAll(wishes.watched());
        wishes.watched().entrySet().stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getValue, Collectors.mapping(Map.Entry::getKey, Collectors.toList())))
                .forEach((server, uris) -> router.resume(server, client, new Wishes(wishes.level(), uris)));
        return true;
    }

    @Override
    public Optional<ServerId> ownerOf(String uri) {
        return owners.ofUri(uri);
    }

    @Override
    public Call request(Exchange exchange) {
        return (searches ? search.request(exchange, this::tool) : Optional.<Call>empty())
                .orElseGet(() -> plain(exchange));
    }

    private Call plain(Exchange exchange) {
        Message request = exchange.request();
        return switch (request.method()) {
            case Method.TOOLS_LIST -> page(ListKind.TOOLS, exchange);
            case Method.PROMPTS_LIST -> page(ListKind.PROMPTS, exchange);
            case Method.RESOURCES_LIST -> page(ListKind.RESOURCES, exchange);
            case Method.RESOURCES_TEMPLATES_LIST -> page(ListKind.TEMPLATES, exchange);
            case Method.TOOLS_CALL -> tool(exchange);
            case Method.PROMPTS_GET -> named(ListKind.PROMPTS, "Unknown prompt: ", exchange);
            case Method.RESOURCES_READ -> read(exchange);
            case Method.RESOURCES_SUBSCRIBE -> subscribe(exchange);
            case Method.RESOURCES_UNSUBSCRIBE -> unsubscribe(exchange);
            case Method.COMPLETION_COMPLETE -> complete(exchange);
            case Method.LOGGING_SET_LEVEL -> setLevel(exchange);
            case "tasks/get", "tasks/result", "tasks/cancel" -> task(exchange);
            case "tasks/list" -> taskList(exchange);
            default ->
                refuse(exchange, RpcError.of(RpcError.METHOD_NOT_FOUND, "Method not found: " + request.method()));
        };
    }

    /** Progress of a client's answer names a token of one server only, and does not say which: it is left out. */
    @Override
    public void notification(Message notification) {
        if (notification.method().equals(Method.ROOTS_LIST_CHANGED)) {
            attached.servers().forEach(server -> router.tell(server, client, notification));
        }
    }

    /** List changes are told by the catalogue, once for all servers. */
    @Override
    public boolean relays(Message notification) {
        String method = notification.method();
        if (method.equals(Method.RESOURCES_UPDATED)) {
            String uri = notification.param("uri");
            // a server may name a part of what was subscribed to
            return watched.entrySet().stream()
                    .anyMatch(each -> uri.startsWith(each.getKey()) && owners.tells(each.getValue(), uri));
        }
        if (method.equals(Method.LOG)) {
            return attached.level().admits(notification.param("level"));
        }
        if (method.equals(Method.TASKS_STATUS)) {
            return tasks.knows(notification.param("taskId"));
        }
        return !method.endsWith("/list_changed");
    }

    @Override
    public void close() {
        router.detach(client);
    }

    private Call page(ListKind kind, Exchange exchange) {
        Message request = exchange.request();
        Optional<String> page = catalogue.list(kind).page(request.param("cursor"));
        if (page.isEmpty()) {
            return refuse(
                    exchange,
                    RpcError.of(
                            RpcError.INVALID_PARAMS,
                            "Invalid cursor (expected: the nextCursor of a " + request.method() + " result)"));
        }
        exchange.complete(Message.result(request.id(), page.get()));
        return Call.DONE;
    }

    private Call tool(Exchange exchange) {
        return named(ListKind.TOOLS, "Unknown tool: ", exchange);
    }

    private Call task(Exchange exchange) {
        String id = exchange.request().param("taskId");
        return tasks.find(id)
                .map(task -> attached.forward(task.server(), SessionTasks.about(exchange, task)))
                .orElseGet(() -> refuse(exchange, RpcError.of(RpcError.INVALID_PARAMS, "Task not found: " + id)));
    }

    private Call taskList(Exchange exchange) {
        String cursor = exchange.request().param("cursor");
        if (!cursor.matches("[0-9]{0,6}")) {
            return refuse(
                    exchange,
                    RpcError.of(
                            RpcError.INVALID_PARAMS,
                            "Invalid cursor (expected: the nextCursor of a tasks/list result)"));
        }
        new TaskList(router, client, tasks)
                .page(cursor.isEmpty() ? 0 : Integer.parseInt(cursor))
                .thenAccept(result ->
                        exchange.complete(Message.result(exchange.request().id(), result)));
        return Call.DONE;
    }

    private Exchange readdressed(ListKind kind, Exchange exchange, ListItem item) {
        Message request = exchange.request().withParam("name", JsonText.quote(item.own()));
        return kind == ListKind.TOOLS && !request.rawParam("task").isEmpty()
                ? tasks.making(exchange, request, item.server())
                : new Readdressed(exchange, request);
    }

    private Call named(ListKind kind, String unknown, Exchange exchange) {
        Message request = exchange.request();
        String name = request.param("name");
        Optional<Collision> collision = catalogue.list(kind).refusal(name);
        if (collision.isPresent()) {
            return refuse(exchange, RpcError.of(RpcError.INVALID_PARAMS, "Ambiguous name: " + collision.get()));
        }
        return owners.ofName(kind, name)
                .or(() -> client.profile().interactive() ? owners.byForm(kind, name) : Optional.empty())
                .map(item -> attached.forward(item.server(), readdressed(kind, exchange, item)))
                .orElseGet(() -> refuse(exchange, RpcError.of(RpcError.INVALID_PARAMS, unknown + name)));
    }

    private Call read(Exchange exchange) {
        return byUri(exchange, exchange.request().param("uri"));
    }

    private Call subscribe(Exchange exchange) {
        String uri = exchange.request().param("uri");
        if (watched.size() >= WATCHED_MAX) {
            return refuse(
                    exchange,
                    RpcError.of(
                            RpcError.INVALID_PARAMS,
                            "Too many subscriptions (expected: at most " + WATCHED_MAX + " in one session)"));
        }
        // before the server answers: its first update may come sooner
        owners.ofUri(uri).ifPresent(server -> watched.put(uri, server));
        return byUri(exchange, uri);
    }

    private Call unsubscribe(Exchange exchange) {
        String uri = exchange.request().param("uri");
        watched.remove(uri);
        return byUri(exchange, uri);
    }

    private Call byUri(Exchange exchange, String uri) {
        return owners.ofUri(uri)
                .map(server -> attached.forward(server, exchange))
                .orElseGet(() -> refuse(exchange, noSuchResource(uri)));
    }

    static RpcError noSuchResource(String uri) {
        return new RpcError(RpcError.RESOURCE_NOT_FOUND, "Resource not found", "{\"uri\":" + JsonText.quote(uri) + "}");
    }

    private Call complete(Exchange exchange) {
        Message request = exchange.request();
        String ref = request.rawParam("ref");
        if (RawJson.string(ref, "type").equals("ref/resource")) {
            return byUri(exchange, RawJson.string(ref, "uri"));
        }
        String name = RawJson.string(ref, "name");
        return owners.ofName(ListKind.PROMPTS, name)
                .map(item -> attached.forward(
                        item.server(),
                        new Readdressed(
                                exchange,
                                request.withParam("ref", RawJson.withMember(ref, "name", JsonText.quote(item.own()))))))
                .orElseGet(() -> refuse(exchange, RpcError.of(RpcError.INVALID_PARAMS, "Unknown prompt: " + name)));
    }

    private Call setLevel(Exchange exchange) {
        Message request = exchange.request();
        Optional<LogLevel> wanted = LogLevel.named(request.param("level"));
        if (wanted.isEmpty()) {
            return refuse(
                    exchange,
                    RpcError.of(
                            RpcError.INVALID_PARAMS, "Invalid log level (expected: one of " + LogLevel.names() + ")"));
        }
        attached.tellAll(wanted.get());
        exchange.complete(Message.result(request.id(), "{}"));
        return Call.DONE;
    }

    private static Call refuse(Exchange exchange, RpcError error) {
        exchange.complete(Message.error(exchange.request().id(), error));
        return Call.DONE;
    }

    static String instructions(Catalogue catalogue) {
        List<ServerId> servers = catalogue.servers();
        String names =
                servers.stream().limit(SERVERS_NAMED_MAX).map(ServerId::value).collect(Collectors.joining(", "));
        String more = servers.size() > SERVERS_NAMED_MAX ? ", ..." : "";
        String form = catalogue.group().naming() == Naming.PREFIX ? ", each named {server}__{name}" : "";
        return "Tools and prompts of several MCP servers" + form + ". Servers: "
                + (servers.isEmpty() ? "none is running yet" : names + more) + ".";
    }
}

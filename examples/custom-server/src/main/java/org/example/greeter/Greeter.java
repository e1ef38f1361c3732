package org.example.greeter;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Named;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.mcpservermanager.custom.Connection;
import org.mcpservermanager.custom.CustomServer;

/**
 * An MCP server of revision 2025-11-25 in one class. Its tool {@code greet} asks the user for a name, {@code count} reports
 * progress. Because of the scope dependent, each copy is an object of its own and may have fields.
 */
@Dependent
@Named("greeter")
public class Greeter implements CustomServer {
    private static final int METHOD_NOT_FOUND = -32601;
    private static final int INVALID_PARAMS = -32602;

    private final Map<String, CompletableFuture<JsonObject>> asked = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();

    @Override
    public void start(Connection connection) {
        connection.log("greeting with " + greeting(connection));
    }

    @Override
    public void handle(String message, Connection connection) throws Exception {
        JsonObject json = Json.createReader(new StringReader(message)).readObject();
        if (!json.containsKey("method")) {
            CompletableFuture<JsonObject> answer = asked.remove(json.getString("id", ""));
            if (answer != null) {
                answer.complete(json);
            }
        } else if (json.containsKey("id")) {
            connection.send(answer(json, connection).toString());
        }
    }

    @Override
    public Optional<String> health(Connection connection) {
        return greeting(connection).isBlank() ? Optional.of("there is no greeting") : Optional.empty();
    }

    private JsonObject answer(JsonObject request, Connection connection) throws Exception {
        JsonObject params =
                request.containsKey("params") ? request.getJsonObject("params") : JsonValue.EMPTY_JSON_OBJECT;
        return switch (request.getString("method")) {
            case "initialize" -> result(request, initialize());
            case "ping" -> result(request, JsonValue.EMPTY_JSON_OBJECT);
            case "tools/list" -> result(request, tools());
            case "tools/call" -> call(request, params, connection);
            default -> error(request, METHOD_NOT_FOUND, "unknown method");
        };
    }

    private JsonObject call(JsonObject request, JsonObject params, Connection connection) throws Exception {
        return switch (params.getString("name", "")) {
            case "greet" -> result(request, text(greet(connection)));
            case "count" -> result(request, text(count(params, connection)));
            default -> error(request, INVALID_PARAMS, "unknown tool");
        };
    }

    /** Waits for the user, while other messages are handled by other threads. */
    private String greet(Connection connection) throws Exception {
        String id = "greeter-" + ids.incrementAndGet();
        CompletableFuture<JsonObject> answer = new CompletableFuture<>();
        asked.put(id, answer);
        JsonObject schema = Json.createObjectBuilder()
                .add("type", "object")
                .add("properties", Json.createObjectBuilder().add("name", object("type", "string")))
                .build();
        JsonObjectBuilder params = Json.createObjectBuilder()
                .add("message", "Who is there?")
                .add("requestedSchema", schema);
        connection.send(message()
                .add("id", id)
                .add("method", "elicitation/create")
                .add("params", params)
                .build()
                .toString());
        try {
            JsonObject result = answer.get(5, TimeUnit.MINUTES).getJsonObject("result");
            return result == null || !result.getString("action").equals("accept")
                    ? "Nobody is there."
                    : greeting(connection) + ", " + result.getJsonObject("content").getString("name") + "!";
        } finally {
            asked.remove(id);
        }
    }

    private static String count(JsonObject params, Connection connection) {
        JsonObject meta = params.containsKey("_meta") ? params.getJsonObject("_meta") : JsonValue.EMPTY_JSON_OBJECT;
        for (int done = 1; done <= 3 && meta.containsKey("progressToken"); done++) {
            JsonObjectBuilder progress = Json.createObjectBuilder()
                    .add("progressToken", meta.get("progressToken"))
                    .add("progress", done)
                    .add("total", 3);
            connection.send(message()
                    .add("method", "notifications/progress")
                    .add("params", progress)
                    .build()
                    .toString());
        }
        return "one, two, three";
    }

    private static String greeting(Connection connection) {
        return connection.environment().getOrDefault("GREETING", "Hello");
    }

    private static JsonObject initialize() {
        return Json.createObjectBuilder()
                .add("protocolVersion", "2025-11-25")
                .add("capabilities", Json.createObjectBuilder().add("tools", JsonValue.EMPTY_JSON_OBJECT))
                .add("serverInfo", Json.createObjectBuilder().add("name", "greeter").add("version", "1"))
                .build();
    }

    private static JsonObject tools() {
        return Json.createObjectBuilder()
                .add(
                        "tools",
                        Json.createArrayBuilder()
                                .add(tool("greet", "Asks the user for a name and greets"))
                                .add(tool("count", "Counts to three and reports progress")))
                .build();
    }

    private static JsonObjectBuilder tool(String name, String description) {
        return Json.createObjectBuilder()
                .add("name", name)
                .add("description", description)
                .add("inputSchema", object("type", "object"));
    }

    private static JsonObject text(String text) {
        return Json.createObjectBuilder()
                .add(
                        "content",
                        Json.createArrayBuilder().add(Json.createObjectBuilder().add("type", "text").add("text", text)))
                .build();
    }

    private static JsonObject object(String name, String value) {
        return Json.createObjectBuilder().add(name, value).build();
    }

    private static JsonObjectBuilder message() {
        return Json.createObjectBuilder().add("jsonrpc", "2.0");
    }

    private static JsonObject result(JsonObject request, JsonObject result) {
        return message().add("id", request.get("id")).add("result", result).build();
    }

    private static JsonObject error(JsonObject request, int code, String message) {
        return message()
                .add("id", request.get("id"))
                .add("error", Json.createObjectBuilder().add("code", code).add("message", message))
                .build();
    }
}

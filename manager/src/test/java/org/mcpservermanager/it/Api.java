package org.mcpservermanager.it;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The management API of a manager, as an operator with the admin key uses it. */
final class Api {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final long PAUSE_MILLIS = 20;
    private final URI base;
    private final String key;

    Api(URI base, String key) {
        this.base = base;
        this.key = key;
    }

    static Api of(ManagerUnderTest manager) {
        return new Api(manager.baseUri(), manager.adminKey());
    }

    static Api of(RunningManager manager) {
        return new Api(manager.baseUri(), manager.adminKey());
    }

    McpClient client(String server) {
        return new McpClient(base.resolve("/servers/" + server + "/mcp"), key);
    }

    McpClient aggregate() {
        return new McpClient(base.resolve("/mcp"), key);
    }

    /** Adds a server and waits until it runs. */
    void run(String id, List<String> command) {
        define(id, command, "");
        awaitPhase(id, "running");
    }

    /** @param more members of the entry, raw JSON beginning with a comma; or empty */
    JsonObject define(String id, List<String> command, String more) {
        String args = Json.createArrayBuilder(command.subList(1, command.size()))
                .build()
                .toString();
        return expect(
                201,
                post(
                        "/api/mcp/servers",
                        "{\"id\":\"" + id + "\",\"command\":" + Json.createValue(command.get(0)) + ",\"args\":" + args
                                + more + "}"));
    }

    void remove(String id) {
        HttpResponse<String> answer = send(request("/api/mcp/servers/" + id).DELETE());
        if (answer.statusCode() / 100 != 2 && answer.statusCode() != 404) {
            throw new AssertionError("DELETE of " + id + ": " + answer.statusCode() + " " + answer.body());
        }
    }

    JsonObject server(String id) {
        JsonObject answer = expect(200, get("/api/mcp/servers/" + id));
        return answer.containsKey("server") ? answer.getJsonObject("server") : answer;
    }

    String phase(String id) {
        return server(id).getString("phase");
    }

    long pid(String id) {
        return server(id).getJsonNumber("pid").longValue();
    }

    JsonObject awaitPhase(String id, String phase) {
        return await(id, server -> server.getString("phase").equals(phase), "phase " + phase);
    }

    JsonObject await(String id, Predicate<JsonObject> condition, String what) {
        JsonObject[] last = new JsonObject[1];
        until(
                () -> {
                    last[0] = server(id);
                    return condition.test(last[0]);
                },
                () -> "server " + id + ": " + what + "; it is " + last[0]);
        return last[0];
    }

    static void until(Supplier<Boolean> condition, Supplier<String> what) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.get()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + PATIENCE + ": " + what.get());
            }
            CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS))
                    .join();
        }
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    HttpResponse<String> post(String path, String body) {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    static JsonObject expect(int status, HttpResponse<String> answer) {
        if (answer.statusCode() != status) {
            throw new AssertionError(answer.request().method() + " " + answer.uri() + ": " + answer.statusCode() + " "
                    + answer.body() + " (expected: " + status + ")");
        }
        return McpClient.parse(answer.body());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + key);
    }

    static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(request.build().uri().toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}

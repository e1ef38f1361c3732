package org.mcpservermanager.it;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** A client of revision 2026-07-28 on plain HTTP: every request says who asks. */
final class StatelessClient {
    private static final String REVISION = "2026-07-28";
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private final URI endpoint;
    private final String key;
    private final String capabilities;
    private final AtomicLong ids = new AtomicLong();

    StatelessClient(URI endpoint, String key, String capabilities) {
        this.endpoint = endpoint;
        this.key = key;
        this.capabilities = capabilities;
    }

    StatelessClient capabilities(String json) {
        return new StatelessClient(endpoint, key, json);
    }

    /** @param heard what came on the stream before the response, in order */
    record Outcome(int status, String type, List<JsonObject> heard, JsonObject response) {
        JsonObject result() {
            JsonObject result = response.getJsonObject("result");
            if (result == null) {
                throw new AssertionError("no result: " + status + " " + response);
            }
            return result;
        }

        int code() {
            return response.getJsonObject("error").getInt("code");
        }
    }

    /** @param params members of params but {@code _meta} */
    Outcome call(String method, JsonObject params) {
        return call(method, params, JsonValue.EMPTY_JSON_OBJECT);
    }

    Outcome call(String method, JsonObject params, JsonObject moreMeta) {
        HttpRequest.Builder request = request(method, params, moreMeta);
        String name = params.getString("name", params.getString("uri", ""));
        return send(name.isEmpty() ? request : request.header("Mcp-Name", name));
    }

    /** A request without {@code Mcp-Name}. */
    HttpRequest.Builder request(String method, JsonObject params, JsonObject moreMeta) {
        JsonObject meta = Json.createObjectBuilder(moreMeta)
                .add("io.modelcontextprotocol/protocolVersion", REVISION)
                .add("io.modelcontextprotocol/clientCapabilities", McpClient.parse(capabilities))
                .build();
        String body = Json.createObjectBuilder()
                .add("jsonrpc", "2.0")
                .add("id", ids.incrementAndGet())
                .add("method", method)
                .add("params", Json.createObjectBuilder(params).add("_meta", meta))
                .build()
                .toString();
        return HttpRequest.newBuilder(endpoint)
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .header("Accept", McpClient.BOTH)
                .header("MCP-Protocol-Version", REVISION)
                .header("Mcp-Method", method)
                .POST(BodyPublishers.ofString(body));
    }

    static Outcome send(HttpRequest.Builder request) {
        HttpResponse<InputStream> answer = sent(request, BodyHandlers.ofInputStream());
        String type = answer.headers().firstValue("Content-Type").orElse("");
        try (InputStream body = answer.body()) {
            String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
            if (!type.startsWith("text/event-stream")) {
                return new Outcome(answer.statusCode(), type, List.of(), McpClient.parse(text));
            }
            List<JsonObject> messages = new ArrayList<>(messages(text.lines()).toList());
            JsonObject last = messages.remove(messages.size() - 1);
            return new Outcome(answer.statusCode(), type, messages, last);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What comes on the stream of subscriptions/listen, as it comes; closing it ends the subscription. */
    Stream<JsonObject> listen(JsonObject filter) {
        JsonObject params =
                Json.createObjectBuilder().add("notifications", filter).build();
        HttpRequest.Builder request = request("subscriptions/listen", params, JsonValue.EMPTY_JSON_OBJECT);
        Stream<String> lines = sent(request, BodyHandlers.ofLines()).body();
        return messages(lines).onClose(lines::close);
    }

    private static Stream<JsonObject> messages(Stream<String> lines) {
        return lines.filter(line -> line.startsWith("data: {")).map(line -> McpClient.parse(line.substring(6)));
    }

    private static <T> HttpResponse<T> sent(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) {
        try {
            return HTTP.send(request.build(), handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}

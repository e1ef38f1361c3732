package org.mcpservermanager.it;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** An MCP client on plain HTTP that keeps what it hears, byte for byte, and answers questions by functions. */
final class McpClient implements AutoCloseable {
    static final String BOTH = "application/json, text/event-stream";
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private static final ExecutorService READERS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "mcp-client");
        thread.setDaemon(true);
        return thread;
    });

    /** Outside of calls, on the GET stream. */
    final BlockingQueue<JsonObject> heard = new LinkedBlockingQueue<>();

    /** What servers asked, in order. */
    final List<JsonObject> asked = new CopyOnWriteArrayList<>();

    private final URI endpoint;
    private final String key;
    private final Map<String, UnaryOperator<JsonObject>> answers = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private String version = "2025-11-25";
    private String accept = BOTH;
    private volatile String session = "";

    McpClient(URI endpoint, String key) {
        this.endpoint = endpoint;
        this.key = key;
    }

    /** A request on its way; what it hears before its answer is in order. */
    static final class Call {
        final String id;
        final List<JsonObject> heard = new CopyOnWriteArrayList<>();
        final CompletableFuture<HttpResponse<?>> head = new CompletableFuture<>();
        private final BlockingQueue<JsonObject> news = new LinkedBlockingQueue<>();
        private final CompletableFuture<String> answer = new CompletableFuture<>();

        private Call(String id) {
            this.id = id;
        }

        /** The response as it came. */
        String text() {
            try {
                return answer.get(60, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new AssertionError("request " + id + " has no answer; heard so far: " + heard, e);
            }
        }

        JsonObject response() {
            return parse(text());
        }

        /** The next thing it hears. */
        JsonObject next() {
            return take(news);
        }

        boolean isOver() {
            return answer.isDone();
        }
    }

    McpClient version(String wanted) {
        version = wanted;
        return this;
    }

    McpClient accept(String types) {
        accept = types;
        return this;
    }

    /** Declares what is needed for it, and answers questions of this method with the result that the function makes of params. */
    McpClient answering(String method, UnaryOperator<JsonObject> answer) {
        answers.put(method, answer);
        return this;
    }

    String session() {
        return session;
    }

    /** The handshake; the result of initialize. */
    JsonObject open() {
        Call call = begin(
                "initialize",
                "{\"protocolVersion\":\"" + version + "\",\"capabilities\":" + capabilities()
                        + ",\"clientInfo\":{\"name\":\"it\",\"version\":\"1\"}}");
        JsonObject response = call.response();
        session = call.head.join().headers().firstValue("Mcp-Session-Id").orElse("");
        if (!response.containsKey("result") || session.isEmpty()) {
            throw new AssertionError("initialize at " + endpoint + ": " + response + ", session \"" + session + "\"");
        }
        int status = tell("notifications/initialized", "");
        if (status != 202) {
            throw new AssertionError("notifications/initialized: " + status + " (expected: 202)");
        }
        return response.getJsonObject("result");
    }

    private String capabilities() {
        StringBuilder all = new StringBuilder();
        answers.keySet().forEach(method -> all.append(all.isEmpty() ? "" : ",")
                .append('"')
                .append(method, 0, method.indexOf('/'))
                .append("\":{}"));
        return "{" + all + "}";
    }

    JsonObject result(String method, String params) {
        JsonObject response = request(method, params);
        if (!response.containsKey("result")) {
            throw new AssertionError(method + " " + params + ": " + response + " (expected: a result)");
        }
        return response.getJsonObject("result");
    }

    JsonObject error(String method, String params) {
        JsonObject response = request(method, params);
        if (!response.containsKey("error")) {
            throw new AssertionError(method + " " + params + ": " + response + " (expected: an error)");
        }
        return response.getJsonObject("error");
    }

    JsonObject tool(String name, String arguments) {
        return result("tools/call", toolParams(name, arguments));
    }

    static String toolParams(String name, String arguments) {
        return "{\"name\":\"" + name + "\",\"arguments\":" + arguments + "}";
    }

    JsonObject request(String method, String params) {
        return begin(method, params).response();
    }

    Call begin(String method, String params) {
        return begin(Long.toString(ids.incrementAndGet()), method, params);
    }

    Call begin(String id, String method, String params) {
        String more = params.isEmpty() ? "" : ",\"params\":" + params;
        return beginRaw(id, "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\"" + more + "}");
    }

    Call beginRaw(String id, String body) {
        Call call = new Call(id);
        READERS.execute(() -> {
            try {
                HttpResponse<Stream<String>> answer = HTTP.send(post(body).build(), BodyHandlers.ofLines());
                call.head.complete(answer);
                read(answer, call);
                call.answer.completeExceptionally(new IOException("the stream ended without the response"));
            } catch (IOException | RuntimeException e) {
                call.head.completeExceptionally(e);
                call.answer.completeExceptionally(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return call;
    }

    private void read(HttpResponse<Stream<String>> answer, Call call) {
        String type = answer.headers().firstValue("Content-Type").orElse("");
        try (Stream<String> lines = answer.body()) {
            if (type.startsWith("text/event-stream")) {
                lines.filter(line -> line.startsWith("data: ") && line.length() > 6)
                        .forEach(line -> take(line.substring(6), call));
            } else {
                take(String.join("\n", lines.toList()), call);
            }
        }
    }

    private void take(String text, Call call) {
        if (!text.startsWith("{")) { // an HTTP error without a body, or a batch
            call.answer.complete(text);
            return;
        }
        JsonObject message = parse(text);
        if (message.containsKey("method")) {
            call.heard.add(message);
            call.news.add(message);
            answer(message);
        } else {
            call.answer.complete(text);
        }
    }

    private void answer(JsonObject message) {
        if (!message.containsKey("id")) {
            return;
        }
        asked.add(message);
        UnaryOperator<JsonObject> reply = answers.get(message.getString("method"));
        if (reply == null) {
            throw new AssertionError("asked without having declared it: " + message);
        }
        JsonObject params =
                message.containsKey("params") ? message.getJsonObject("params") : JsonObject.EMPTY_JSON_OBJECT;
        READERS.execute(() ->
                send("{\"jsonrpc\":\"2.0\",\"id\":" + message.get("id") + ",\"result\":" + reply.apply(params) + "}"));
    }

    /** The HTTP status. */
    int tell(String method, String params) {
        String more = params.isEmpty() ? "" : ",\"params\":" + params;
        return send("{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\"" + more + "}")
                .statusCode();
    }

    /** Any body, and what HTTP answers. */
    HttpResponse<String> send(String body) {
        return send(post(body));
    }

    HttpResponse<String> delete() {
        return send(builder().DELETE());
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpRequest.Builder post(String body) {
        return builder()
                .header("Content-Type", "application/json")
                .header("Accept", accept)
                .POST(BodyPublishers.ofString(body));
    }

    private HttpRequest.Builder builder() {
        HttpRequest.Builder builder = HttpRequest.newBuilder(endpoint)
                .timeout(Duration.ofSeconds(90))
                .header("Authorization", "Bearer " + key);
        if (!session.isEmpty()) {
            builder.header("Mcp-Session-Id", session).header("MCP-Protocol-Version", version);
        }
        return builder;
    }

    /** Uses the session of another client. */
    McpClient inSession(String id) {
        session = id;
        return this;
    }

    /** Opens the GET stream; returns when its head is here. */
    McpClient listen() {
        HttpResponse<Stream<String>> stream;
        try {
            stream = HTTP.send(
                    builder().GET().header("Accept", "text/event-stream").build(), BodyHandlers.ofLines());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        if (stream.statusCode() != 200) {
            throw new AssertionError("GET " + endpoint + ": " + stream.statusCode() + " (expected: 200)");
        }
        READERS.execute(() -> listenTo(stream));
        return this;
    }

    private void listenTo(HttpResponse<Stream<String>> stream) {
        try (Stream<String> lines = stream.body()) {
            lines.filter(line -> line.startsWith("data: {"))
                    .map(line -> parse(line.substring(6)))
                    .forEach(message -> {
                        heard.add(message);
                        answer(message);
                    });
        } catch (UncheckedIOException e) {
            // the end of a stream that the manager's end, or ours, broke
        }
    }

    /** The next message of the GET stream that has this method; others before it are dropped. */
    JsonObject hear(String method) {
        JsonObject message = take(heard);
        while (!message.getString("method", "").equals(method)) {
            message = take(heard);
        }
        return message;
    }

    private static JsonObject take(BlockingQueue<JsonObject> from) {
        try {
            JsonObject message = from.poll(20, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("nothing heard within 20 s");
            }
            return message;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (!session.isEmpty()) {
            delete();
        }
    }

    static JsonObject parse(String text) {
        return Json.createReader(new StringReader(text)).readObject();
    }
}

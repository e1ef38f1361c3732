package org.mcpservermanager.it;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A client of revision 2024-11-05: hears everything on one stream of events, and posts where that tells it to. */
final class EventSource implements AutoCloseable {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI base;
    private final String key;
    private final HttpResponse<Stream<String>> stream;
    private final BlockingQueue<JsonObject> heard = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> endpoints = new LinkedBlockingQueue<>();
    private final String endpoint;
    private volatile String lastId = "";

    /** @param lastEventId of a stream that broke; empty for a new session */
    EventSource(URI base, String path, String key, String lastEventId) {
        this.base = base;
        this.key = key;
        HttpRequest.Builder request = builder(path).header("Accept", "text/event-stream");
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        this.stream = send(request, BodyHandlers.ofLines());
        if (stream.statusCode() != 200) {
            throw new AssertionError("GET " + path + ": " + stream.statusCode() + " (expected: 200)");
        }
        Thread reader = new Thread(this::read, "event-source");
        reader.setDaemon(true);
        reader.start();
        this.endpoint = poll(endpoints);
    }

    private void read() {
        String event = "";
        try (Stream<String> lines = stream.body()) {
            for (String line : (Iterable<String>) lines::iterator) {
                if (line.startsWith("event: ")) {
                    event = line.substring(7);
                } else if (line.startsWith("id: ")) {
                    lastId = line.substring(4);
                } else if (line.startsWith("data: ") && event.equals("endpoint")) {
                    endpoints.add(line.substring(6));
                } else if (line.startsWith("data: ")) {
                    heard.add(McpClient.parse(line.substring(6)));
                } else if (line.isEmpty()) {
                    event = "";
                }
            }
        } catch (UncheckedIOException broken) {
            // by the end of the manager, or by ours
        }
    }

    String endpoint() {
        return endpoint;
    }

    String lastId() {
        return lastId;
    }

    int post(String body) {
        return post(body, key);
    }

    int post(String body, String otherKey) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(endpoint))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!otherKey.isEmpty()) {
            request.header("Authorization", "Bearer " + otherKey);
        }
        return send(request, BodyHandlers.discarding()).statusCode();
    }

    /** But for changes of lists, which may come at any time: other servers are still starting. */
    JsonObject next() {
        JsonObject next = poll(heard);
        while (next.getString("method", "").endsWith("/list_changed")) {
            next = poll(heard);
        }
        return next;
    }

    private HttpRequest.Builder builder(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).header("Authorization", "Bearer " + key);
    }

    private static <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
        try {
            return HTTP.send(request.build(), body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static <T> T poll(BlockingQueue<T> queue) {
        try {
            T next = queue.poll(20, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing heard within 20 s");
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        stream.body().close();
    }
}

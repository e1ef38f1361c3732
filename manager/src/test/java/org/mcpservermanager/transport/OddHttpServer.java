package org.mcpservermanager.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server that does to each request what a test says, and remembers what it was asked. */
final class OddHttpServer implements AutoCloseable {
    /** What is done to one request; the exchange is closed afterwards. */
    interface Manner {
        void treat(Asked asked) throws Exception;
    }

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Map<String, Manner> manners = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    OddHttpServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::take);
        server.start();
    }

    OddHttpServer on(String method, Manner manner) {
        manners.put(method, manner);
        return this;
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private void take(HttpExchange exchange) throws IOException {
        Asked request = new Asked(exchange, new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        asked.add(request);
        try (exchange) {
            manners.getOrDefault(exchange.getRequestMethod(), each -> each.answer(405, ""))
                    .treat(request);
        } catch (IOException gone) {
            // the link went away, which is what some tests want
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    List<Asked> of(String method) {
        return asked.stream().filter(each -> each.method().equals(method)).toList();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** One request, and how to answer it. */
    record Asked(HttpExchange exchange, String body) {
        String method() {
            return exchange.getRequestMethod();
        }

        String header(String name) {
            return String.valueOf(exchange.getRequestHeaders().getFirst(name));
        }

        Asked with(String name, String value) {
            exchange.getResponseHeaders().set(name, value);
            return this;
        }

        void answer(int status, String json) throws IOException {
            if (json.isEmpty()) {
                exchange.sendResponseHeaders(status, -1);
                return;
            }
            byte[] bytes = json.getBytes(UTF_8);
            exchange.getResponseHeaders().putIfAbsent("Content-Type", List.of("application/json"));
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }

        /** An endless body; ends with the exchange. */
        Asked stream() throws IOException {
            with("Content-Type", "text/event-stream").exchange.sendResponseHeaders(200, 0);
            return this;
        }

        Asked write(String text) {
            try {
                OutputStream out = exchange.getResponseBody();
                out.write(text.getBytes(UTF_8));
                out.flush();
                return this;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void hold() throws InterruptedException {
            Thread.currentThread().join();
        }
    }
}

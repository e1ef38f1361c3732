package org.mcpservermanager.it;

import jakarta.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A client over a WebSocket. */
final class Socket implements AutoCloseable, WebSocket.Listener {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    final AtomicInteger pings = new AtomicInteger();
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final BlockingQueue<JsonObject> heard = new LinkedBlockingQueue<>();
    private final StringBuilder partial = new StringBuilder();
    private WebSocket socket;

    /** Throws CompletionException with a WebSocketHandshakeException when it is refused. */
    static Socket open(URI base, String path, String key) {
        Socket client = new Socket();
        WebSocket.Builder builder = HTTP.newWebSocketBuilder().subprotocols("mcp");
        if (!key.isEmpty()) {
            builder.header("Authorization", "Bearer " + key);
        }
        URI address = URI.create("ws://" + base.getAuthority() + path);
        client.socket = builder.buildAsync(address, client)
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
        return client;
    }

    /** Why it was refused: the HTTP status. */
    static int refusal(URI base, String path, String key) {
        try (Socket open = open(base, path, key)) {
            throw new AssertionError(path + " opened with \"" + open.subprotocol() + "\" (expected: a refusal)");
        } catch (CompletionException refused) {
            if (refused.getCause() instanceof java.net.http.WebSocketHandshakeException handshake) {
                return handshake.getResponse().statusCode();
            }
            throw refused;
        }
    }

    String subprotocol() {
        return socket.getSubprotocol();
    }

    void send(String text) {
        socket.sendText(text, true).orTimeout(30, TimeUnit.SECONDS).join();
    }

    void sendBinary(byte[] bytes) {
        socket.sendBinary(ByteBuffer.wrap(bytes), true)
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    /** But for changes of lists, which may come at any time: other servers are still starting. */
    JsonObject next() {
        try {
            JsonObject next;
            do {
                next = heard.poll(20, TimeUnit.SECONDS);
                if (next == null) {
                    throw new AssertionError("nothing heard within 20 s; closed: " + closed);
                }
            } while (next.getString("method", "").endsWith("/list_changed"));
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            heard.add(McpClient.parse(partial.toString()));
            partial.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
        pings.incrementAndGet();
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(code);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
        closed.completeExceptionally(failure);
    }

    /** Also when the manager has closed it, or does so at this moment. */
    @Override
    public void close() {
        if (!socket.isOutputClosed()) {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "")
                    .orTimeout(30, TimeUnit.SECONDS)
                    .handle((sent, closedAlready) -> sent)
                    .join();
        }
    }

    void abort() {
        socket.abort();
    }
}

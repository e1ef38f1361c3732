package org.mcpservermanager.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;

/** Whether somebody is at home, seen from outside MCP. Whoever cancels or completes an answer earlier ends the attempt. */
public final class Knock {
    private static final long PAUSE_MAX_MILLIS = 100;

    private Knock() {}

    /** Completes when the port took a connection, which is closed at once; never blocks but for the name, on the web's executor. */
    public static CompletableFuture<Void> connect(String host, int port, Web web) {
        CompletableFuture<Void> connected = new CompletableFuture<>();
        web.run(() -> begin(host, port, web, connected));
        return connected;
    }

    private static void begin(String host, int port, Web web, CompletableFuture<Void> connected) {
        try {
            InetSocketAddress address = new InetSocketAddress(host, port);
            if (address.isUnresolved()) {
                connected.completeExceptionally(new IOException("the name " + host + " is not known"));
                return;
            }
            SocketChannel channel = SocketChannel.open();
            connected.whenComplete((none, failure) -> close(channel));
            channel.configureBlocking(false);
            if (channel.connect(address)) {
                connected.complete(null);
            } else {
                look(channel, 1, web, connected);
            }
        } catch (IOException | RuntimeException failure) {
            connected.completeExceptionally(failure);
        }
    }

    private static void look(SocketChannel channel, long pauseMillis, Web web, CompletableFuture<Void> connected) {
        if (connected.isDone()) {
            return;
        }
        try {
            if (channel.finishConnect()) {
                connected.complete(null);
            } else {
                long next = Math.min(2 * pauseMillis, PAUSE_MAX_MILLIS);
                web.later(pauseMillis, () -> look(channel, next, web, connected));
            }
        } catch (IOException | RuntimeException failure) {
            connected.completeExceptionally(failure);
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The status of a GET of that path, with the target's headers; redirects are not followed. */
    public static CompletableFuture<Integer> get(Target target, String path, Web web) {
        URI url = target.url().resolve(path);
        CompletableFuture<HttpResponse<Void>> answer =
                web.client().sendAsync(target.at(url).request().GET().build(), HttpResponse.BodyHandlers.discarding());
        CompletableFuture<Integer> status = answer.thenApply(HttpResponse::statusCode);
        status.whenComplete((code, failure) -> answer.cancel(true));
        return status;
    }
}

package org.mcpservermanager.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits until a manager says that it is ready. */
final class Ready {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private static final long PAUSE_MILLIS = 200;

    private Ready() {}

    /** @param hopeless why waiting longer is useless, or an empty string; asked between two probes */
    static void await(URI base, Duration patience, Supplier<String> hopeless) {
        long deadline = System.nanoTime() + patience.toNanos();
        String last = probe(base);
        while (!last.equals("200")) {
            String why = hopeless.get();
            if (!why.isEmpty() || System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        base + "/health/ready: " + last + " (expected: 200 within " + patience + ") " + why);
            }
            pause();
            last = probe(base);
        }
    }

    /** The status, or why there is none. */
    static String probe(URI base) {
        HttpRequest request = HttpRequest.newBuilder(base.resolve("/health/ready"))
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            return Integer.toString(
                    CLIENT.send(request, BodyHandlers.discarding()).statusCode());
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + base, e);
        }
    }

    private static void pause() {
        CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS))
                .join();
    }
}

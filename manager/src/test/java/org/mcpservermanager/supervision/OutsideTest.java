package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mcpservermanager.health.Probe;
import org.mcpservermanager.server.HealthPolicy;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.transport.Web;

@Timeout(30)
class OutsideTest {
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Web web = Web.open(executor, timer);
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private HttpServer server;
    private int port;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(executor);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().toString();
            asked.add(exchange.getRequestMethod() + " " + path + " "
                    + exchange.getRequestHeaders().getFirst("X-Key"));
            try {
                if (path.startsWith("/hangs")) {
                    over.await();
                }
                exchange.getResponseHeaders().add("Location", "/204");
                exchange.sendResponseHeaders(Integer.parseInt(path.substring(1, 4)), -1);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            } finally {
                exchange.close();
            }
        });
        server.start();
        port = server.getAddress().getPort();
    }

    @AfterEach
    void close() {
        over.countDown();
        server.stop(0);
        web.close();
        timer.shutdownNow();
        executor.shutdownNow();
    }

    private Wire http() {
        return new Wire.Http(URI.create("http://127.0.0.1:" + port + "/deep/mcp?a=b"), Map.of("X-Key", "k"), false);
    }

    private Wire socket() {
        return new Wire.WebSocket(URI.create("ws://127.0.0.1:" + port + "/ws"), Map.of("X-Key", "w"));
    }

    private Probe probe(HealthPolicy.Way way, Wire wire) {
        return Outside.of(way, wire, web).orElseThrow();
    }

    private static HealthPolicy.Way page(String path) {
        return new HealthPolicy.Way(HealthPolicy.Kind.HTTP, path);
    }

    private static Optional<String> issue(Probe probe) throws Exception {
        return probe.check().get(20, TimeUnit.SECONDS);
    }

    @Test
    void aPageIsAskedForOnTheServersOwnHostWithItsHeaders() throws Exception {
        assertEquals(Optional.empty(), issue(probe(page("/204/live?x=1"), http())));
        assertEquals(Optional.empty(), issue(probe(page("/204"), socket())));

        assertEquals(List.of("GET /204/live?x=1 k", "GET /204 w"), asked);
    }

    @Test
    void anotherStatusIsAFailureAndRedirectsAreNotFollowed() throws Exception {
        assertEquals(
                Optional.of("GET /503 was answered with status 503 (expected: 200 to 299)"),
                issue(probe(page("/503"), http())));
        assertEquals(
                Optional.of("GET /302?... was answered with status 302 (expected: 200 to 299)"),
                issue(probe(page("/302?secret=1"), http())));
        assertEquals(2, asked.size());
    }

    @Test
    void aPortThatTakesAConnectionIsEnough() throws Exception {
        for (Wire wire : List.of(http(), socket(), new Wire.Tcp("127.0.0.1", port))) {
            assertEquals(Optional.empty(), issue(probe(HealthPolicy.Way.NETWORK, wire)), wire::toString);
        }
        assertEquals(List.of(), asked);
    }

    @Test
    void whoDoesNotListenIsNotWell() throws Exception {
        server.stop(0);
        for (Wire wire : List.of(http(), socket(), new Wire.Tcp("127.0.0.1", port))) {
            String issue = issue(probe(HealthPolicy.Way.NETWORK, wire)).orElseThrow();
            assertTrue(issue.startsWith("port " + port + " cannot be reached: "), issue);
        }
        String issue = issue(probe(page("/204"), http())).orElseThrow();
        assertTrue(issue.startsWith("GET /204 cannot be reached: "), issue);
    }

    @Test
    void aNameThatNobodyKnowsIsSaid() throws Exception {
        assertEquals(
                Optional.of("port 1 cannot be reached: the name no.such.host.invalid is not known"),
                issue(probe(HealthPolicy.Way.NETWORK, new Wire.Tcp("no.such.host.invalid", 1))));
    }

    @Test
    void whoGivesUpEndsTheAttempt() throws Exception {
        CompletableFuture<Optional<String>> check =
                probe(page("/hangs"), http()).check();
        check.complete(Optional.of("too late"));

        assertEquals(Optional.of("too late"), check.get());
    }

    @Test
    void checksThatHangHoldNoThread() throws Exception {
        ExecutorService single = Executors.newSingleThreadExecutor();
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Web narrow = Web.open(single, timer)) {
            Wire wire = new Wire.Tcp("127.0.0.1", deaf.getLocalPort());
            List<CompletableFuture<Optional<String>>> checks = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                checks.add(Outside.of(HealthPolicy.Way.NETWORK, wire, narrow)
                        .orElseThrow()
                        .check());
            }
            Probe good = Outside.of(HealthPolicy.Way.NETWORK, http(), narrow).orElseThrow();

            assertEquals(Optional.empty(), issue(good));
            assertTrue(checks.stream().anyMatch(check -> !check.isDone()), "its queue of connections is full");
            checks.forEach(check -> check.complete(Optional.of("gave up")));
        } finally {
            single.shutdownNow();
        }
    }

    @Test
    void serversThatAreAskedByMcpHaveNone() {
        assertEquals(Optional.empty(), Outside.of(HealthPolicy.Way.MCP, http(), web));
    }
}

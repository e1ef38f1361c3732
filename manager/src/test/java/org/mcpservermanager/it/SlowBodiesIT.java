package org.mcpservermanager.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that send slowly, too much, or half of it cost themselves, not others. */
@OnServer
class SlowBodiesIT {
    private static final int SLOW = 200;
    /** Less than the manager waits for a body: who had to wait for one shows. */
    private static final Duration HEALTHY = Duration.ofSeconds(5);

    private static final int LIMIT = 4 << 20;
    private static ManagerUnderTest manager;
    private static Api api;
    private final List<Socket> sockets = new ArrayList<>();

    @BeforeAll
    static void demoRuns() {
        manager = ManagerUnderTest.get();
        api = Api.of(manager);
        api.awaitPhase("demo", "running");
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private static String head(String path, String length) {
        URI base = manager.baseUri();
        return "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + base.getPort() + "\r\nAuthorization: Bearer "
                + manager.adminKey() + "\r\nContent-Type: application/json\r\nAccept: " + McpClient.BOTH + "\r\n"
                + length
                + "\r\n\r\n";
    }

    private Socket half(String path) throws IOException {
        Socket socket = RawHttp.connect(manager.baseUri());
        sockets.add(socket);
        String start = head(path, "Content-Length: 1000") + "{\"jsonrpc\":\"2.0\",";
        socket.getOutputStream().write(start.getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    @Test
    void halfSentRequestsDelayNobody() throws IOException {
        for (int i = 0; i < SLOW; i++) {
            half(i % 2 == 0 ? "/mcp" : "/servers/demo/mcp");
        }
        healthyRequestIsAnswered();
    }

    private static void healthyRequestIsAnswered() {
        long start = System.nanoTime();
        try (McpClient client = api.client("demo")) {
            client.open();
            client.tool("echo", "{\"text\":\"in time\"}");
        }
        assertEquals(200, api.get("/api/mcp/servers").statusCode());
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.compareTo(HEALTHY) < 0, "a healthy client needed " + took);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/mcp/servers", "/mcp", "/nothing"})
    void halfSentRequestsWithoutAKeyDelayNobody(String path) throws IOException {
        for (int i = 0; i < SLOW; i++) {
            Socket socket = RawHttp.connect(manager.baseUri());
            sockets.add(socket);
            String start = head(path, "Content-Length: 1000")
                            .replace(
                                    "Authorization: Bearer " + manager.adminKey(),
                                    i % 2 == 0 ? "Authorization: Bearer wrong" : "X: y")
                    + "{\"id\":";
            socket.getOutputStream().write(start.getBytes(StandardCharsets.UTF_8));
        }
        healthyRequestIsAnswered();
    }

    @Test
    void refusedRequestsWithHalfABodyDelayNobody() throws IOException {
        for (int i = 0; i < SLOW; i++) {
            half("/servers/demo/mcp");
        }
        for (Socket socket : List.copyOf(sockets)) {
            socket.setSoTimeout(45_000); // Payara waits for 30 s, whatever the setting says
            int status = RawHttp.read(socket).status();
            assertTrue(status == 408 || status == 400, () -> "status " + status);
        }
        healthyRequestIsAnswered();
    }

    /** Either it is answered, or the client was told that the connection ends. */
    @ParameterizedTest
    @ValueSource(strings = {"/mcp", "/servers/demo/mcp", "/messages?sessionId=nobody", "/api/mcp/servers"})
    void whatFollowsARefusedRequestIsNotTakenForItsBody(String path) throws IOException {
        String host = "Host: 127.0.0.1:" + manager.baseUri().getPort() + "\r\n";
        try (Socket socket = RawHttp.connect(manager.baseUri())) {
            String head = "POST " + path + " HTTP/1.1\r\n" + host
                    + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            RawHttp.Answer refused = RawHttp.read(socket);
            assertEquals(401, refused.status());
            socket.getOutputStream()
                    .write(("{}GET /health/live HTTP/1.1\r\n" + host + "\r\n").getBytes(StandardCharsets.UTF_8));
            boolean isLast = refused.text().toLowerCase(Locale.ROOT).contains("\r\nconnection: close\r\n");
            assertEquals(isLast ? 0 : 200, RawHttp.read(socket).status());
        }
    }

    @Test
    void aRefusedRequestWithALargeBodyLearnsWhy() throws IOException {
        try (Socket socket = RawHttp.connect(manager.baseUri())) {
            int length = 1 << 20;
            socket.getOutputStream()
                    .write(head("/mcp", "Content-Length: " + length)
                            .replace(manager.adminKey(), "wrong")
                            .getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(new byte[length]);
            assertEquals(401, RawHttp.read(socket).status());
        }
    }

    @Test
    void aBodyThatAnnouncesTooMuchIsRefusedUnread() {
        RawHttp.Answer answer = RawHttp.send(
                manager.baseUri(), head("/mcp", "Content-Length: " + (LIMIT + 1) + "\r\nConnection: close"));

        assertEquals(413, answer.status(), answer.text());
    }

    @Test
    void aBodyThatGrowsTooLargeIsRefused() throws IOException {
        try (Socket socket = RawHttp.connect(manager.baseUri())) {
            var out = socket.getOutputStream();
            out.write(head("/mcp", "Transfer-Encoding: chunked\r\nConnection: close")
                    .getBytes(StandardCharsets.UTF_8));
            byte[] chunk = ("10000\r\n" + " ".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.UTF_8);
            try {
                for (int sent = 0; sent <= LIMIT + chunk.length; sent += 0x10000) {
                    out.write(chunk);
                }
            } catch (IOException refusedAlready) {
                // it need not read what it has refused
            }
            RawHttp.Answer answer = RawHttp.read(socket);
            assertEquals(413, answer.status(), answer.text());
        }
    }

    @Test
    void aBodyInManySmallPiecesArrivesWhole() throws IOException {
        try (Socket socket = RawHttp.connect(manager.baseUri())) {
            socket.setTcpNoDelay(true);
            String body =
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\","
                            + "\"capabilities\":{},\"clientInfo\":{\"name\":\"it é\",\"version\":\"1\"}}}";
            byte[] bytes = (head("/servers/demo/mcp", "Transfer-Encoding: chunked\r\nConnection: close")
                            + chunked(body.getBytes(StandardCharsets.UTF_8).length))
                    .getBytes(StandardCharsets.UTF_8);
            var out = socket.getOutputStream();
            out.write(bytes);
            for (byte one : body.getBytes(StandardCharsets.UTF_8)) {
                out.write(one);
                out.flush();
            }
            out.write("\r\n0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            RawHttp.Answer answer = RawHttp.read(socket);
            assertEquals(200, answer.status(), answer.text());
        }
    }

    private static String chunked(int length) {
        return Integer.toHexString(length) + "\r\n";
    }
}

package org.mcpservermanager.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;

class WebSocketLinkTest extends LinkContract {
    private static final ServerId SERVER = new ServerId("web-socket-link-test");
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Web web = Web.open(threads, timer);
    private final EchoWebSocket server;

    WebSocketLinkTest() throws IOException {
        server = new EchoWebSocket(threads);
    }

    private NetworkLink link(String path) throws Exception {
        Target target = new Target(URI.create("ws://127.0.0.1:" + server.port() + path), Map.of("X-Key", "s3cret"));
        return WebSocketLink.to(SERVER, target, web).get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void end() throws IOException {
        server.close();
        web.close();
        threads.shutdownNow();
        timer.shutdownNow();
    }

    @Override
    NetworkLink linkToEcho() throws Exception {
        return link("/mcp");
    }

    @Override
    void endPeer() throws Exception {
        inbox.await(() -> !server.accepted.isEmpty());
        server.accepted.get(0).close();
    }

    @Override
    String lastWords() {
        return inbox.closed.get(0).startsWith("ws://127.0.0.1:" + server.port() + " ")
                ? inbox.closed.get(0)
                : "one that says where";
    }

    @Test
    void tellsTheServerThatItLeaves() throws Exception {
        NetworkLink link = linkToEcho();
        link.open(inbox);
        link.close();
        link.gone().get(10, TimeUnit.SECONDS);
        assertEquals(1, inbox.closed.size());
    }

    @Test
    void saysWhyItWasRefused() {
        ExecutionException failure = assertThrows(ExecutionException.class, () -> link("/other"));
        ProblemException known = assertInstanceOf(ProblemException.class, failure.getCause());
        assertEquals(Problem.NOT_AUTHORIZED, known.problem().code());
    }
}

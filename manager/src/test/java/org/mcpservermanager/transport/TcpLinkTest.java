package org.mcpservermanager.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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

class TcpLinkTest extends LinkContract {
    private static final ServerId SERVER = new ServerId("tcp-link-test");
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Web web = Web.open(threads, timer);
    private final List<Socket> accepted = new CopyOnWriteArrayList<>();
    private final ServerSocket server;

    TcpLinkTest() throws IOException {
        server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        threads.execute(this::echo);
    }

    private void echo() {
        try {
            while (true) {
                Socket socket = server.accept();
                accepted.add(socket);
                threads.submit(() -> socket.getInputStream().transferTo(socket.getOutputStream()));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    @AfterEach
    void end() throws IOException {
        server.close();
        for (Socket socket : accepted) {
            socket.close();
        }
        web.close();
        threads.shutdownNow();
        timer.shutdownNow();
    }

    @Override
    NetworkLink linkToEcho() throws Exception {
        return TcpLink.to(SERVER, "127.0.0.1", server.getLocalPort(), web).get(10, TimeUnit.SECONDS);
    }

    @Override
    void endPeer() throws Exception {
        inbox.await(() -> !accepted.isEmpty());
        accepted.get(accepted.size() - 1).shutdownOutput();
    }

    @Test
    void saysWhoHungUp() throws Exception {
        NetworkLink link = linkToEcho();
        link.open(inbox);
        endPeer();
        inbox.await(() -> !inbox.closed.isEmpty());
        assertEquals(
                "tcp://127.0.0.1:" + server.getLocalPort() + " closed the connection",
                link.problem().orElseThrow().message());
        link.close();
        link.gone().get(10, TimeUnit.SECONDS);
    }

    @Test
    void saysThatNobodyIsThere() throws Exception {
        try (Socket holder = new Socket()) {
            // bound without listening: nobody else gets the port meanwhile
            holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            ExecutionException failure = assertThrows(
                    ExecutionException.class, () -> TcpLink.to(SERVER, "127.0.0.1", holder.getLocalPort(), web)
                            .get(10, TimeUnit.SECONDS));
            ProblemException known = assertInstanceOf(ProblemException.class, failure.getCause());
            assertEquals(Problem.UNREACHABLE, known.problem().code());
        }
    }
}

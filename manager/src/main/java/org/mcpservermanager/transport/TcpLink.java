package org.mcpservermanager.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;

/** A message in each line over a TCP connection; two threads, as for the pipes of a child. */
public final class TcpLink implements NetworkLink {
    private static final long FAREWELL_MILLIS = 1_000;
    private static final System.Logger LOG = System.getLogger(TcpLink.class.getName());

    private final Web web;
    private final Socket socket;
    private final String where;
    private final Link lines;
    private final Ending ending = new Ending();

    private TcpLink(ServerId server, Socket socket, String where, Web web) throws IOException {
        this.web = web;
        this.socket = socket;
        this.where = where;
        this.lines = StdioLink.over(server, socket.getInputStream(), socket.getOutputStream());
    }

    /** Fails with a ProblemException when nobody listens there. */
    public static CompletableFuture<NetworkLink> to(ServerId server, String host, int port, Web web) {
        CompletableFuture<NetworkLink> connected = new CompletableFuture<>();
        web.run(() -> {
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(host, port), (int) Web.CONNECT_MAX.toMillis());
                socket.setTcpNoDelay(true);
                connected.complete(new TcpLink(server, socket, "tcp://" + host + ":" + port, web));
            } catch (IOException | IllegalArgumentException failure) {
                close(socket);
                connected.completeExceptionally(WebProblems.unreachableTcp("tcp://" + host + ":" + port, failure));
            }
        });
        return connected;
    }

    @Override
    public Optional<Problem> problem() {
        return ending.problem();
    }

    @Override
    public CompletableFuture<Void> gone() {
        return ending.gone();
    }

    @Override
    public void open(Receiver receiver) {
        lines.open(new Receiver() {
            @Override
            public void onMessage(Message message) {
                receiver.onMessage(message);
            }

            @Override
            public void onNoise(String excerpt) {
                receiver.onNoise(excerpt);
            }

            @Override
            public void onClosed(String reason) {
                ending.fail(new Problem(
                        Problem.UNREACHABLE, where + " closed the connection", "Look at the log of that server."));
                ended();
                receiver.onClosed(reason);
            }
        });
    }

    private void ended() {
        close(socket);
        ending.complete();
    }

    @Override
    public boolean send(Message message) {
        return lines.send(message);
    }

    /** What is queued has a moment to leave; a server that does not read has no more than that. */
    @Override
    public void close() {
        ending.close();
        lines.close();
        web.later(FAREWELL_MILLIS, this::ended);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException broken) {
            LOG.log(System.Logger.Level.DEBUG, "a broken connection could not be closed in order", broken);
        }
    }
}

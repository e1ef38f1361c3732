package org.mcpservermanager.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/** A WebSocket server that sends back every text frame; just enough of RFC 6455 for that. */
final class EchoWebSocket implements AutoCloseable {
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;

    final List<Socket> accepted = new CopyOnWriteArrayList<>();
    private final ServerSocket server;

    EchoWebSocket(Executor threads) throws IOException {
        server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        threads.execute(() -> accept(threads));
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept(Executor threads) {
        try {
            while (true) {
                Socket socket = server.accept();
                threads.execute(() -> serve(socket));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            String head = head(in);
            if (!head.contains("GET /mcp ")) {
                out.write("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII));
                return;
            }
            String key = head.replaceAll("(?is).*sec-websocket-key: *(\\S+).*", "$1");
            out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n")
                    .getBytes(US_ASCII));
            accepted.add(socket);
            while (echo(in, out)) {}
        } catch (IOException gone) {
            // the link went away
        }
    }

    private static String accept(String key) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(US_ASCII));
            return Base64.getEncoder().encodeToString(sum);
        } catch (NoSuchAlgorithmException everywhere) {
            throw new IllegalStateException(everywhere);
        }
    }

    private static String head(DataInputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append(new String(new byte[] {in.readByte()}, ISO_8859_1));
        }
        return head.toString();
    }

    private static boolean echo(DataInputStream in, DataOutputStream out) throws IOException {
        int kind = in.readUnsignedByte();
        int length = in.readUnsignedByte() & 0x7f;
        length = length == 126 ? in.readUnsignedShort() : length;
        byte[] mask = in.readNBytes(4);
        byte[] body = in.readNBytes(length);
        for (int i = 0; i < body.length; i++) {
            body[i] ^= mask[i % 4];
        }
        if (kind == CLOSE) {
            out.write(new byte[] {(byte) CLOSE, 0});
            return false;
        }
        // in two frames: a message may come in pieces
        int half = body.length / 2;
        frame(out, TEXT & 0x7f, body, 0, half);
        frame(out, 0x80, body, half, body.length);
        out.flush();
        return true;
    }

    private static void frame(DataOutputStream out, int kind, byte[] body, int from, int to) throws IOException {
        out.writeByte(kind);
        if (to - from < 126) {
            out.writeByte(to - from);
        } else {
            out.writeByte(126);
            out.writeShort(to - from);
        }
        out.write(body, from, to - from);
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : accepted) {
            socket.close();
        }
    }
}

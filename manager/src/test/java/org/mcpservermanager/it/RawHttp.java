package org.mcpservermanager.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** HTTP as typed: nothing is normalised, checked or added but what the request says. */
final class RawHttp {
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final Pattern LENGTH = Pattern.compile("(?i)\\ncontent-length: *(\\d+)");

    private RawHttp() {}

    /** @param status 0 when the connection was closed without an answer */
    record Answer(int status, String text) {}

    /** One request on a connection of its own; Host is right unless it is among the headers. */
    static Answer send(URI base, String method, String target, List<String> headers) {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        if (headers.stream().noneMatch(header -> header.startsWith("Host:"))) {
            head.append("Host: 127.0.0.1:").append(base.getPort()).append("\r\n");
        }
        headers.forEach(header -> head.append(header).append("\r\n"));
        return send(
                base,
                head.append("Connection: close\r\nContent-Length: 0\r\n\r\n").toString());
    }

    static Answer send(URI base, String bytes) {
        try (Socket socket = connect(base)) {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
            return read(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(bytes.lines().findFirst().orElse(""), e);
        }
    }

    static Socket connect(URI base) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), base.getPort());
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    /** As long as it is, if the head says so; otherwise until the other side closes. */
    static Answer read(Socket socket) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        byte[] chunk = new byte[8192];
        try {
            while (!isWhole(all)) {
                int n = in.read(chunk);
                if (n < 0) {
                    break;
                }
                all.write(chunk, 0, n);
            }
        } catch (SocketException reset) {
            // what came before counts
        }
        String text = all.toString(StandardCharsets.ISO_8859_1);
        return new Answer(text.startsWith("HTTP/1.1 ") ? Integer.parseInt(text.substring(9, 12)) : 0, text);
    }

    private static boolean isWhole(ByteArrayOutputStream received) {
        String text = received.toString(StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        Matcher length = LENGTH.matcher(end < 0 ? "" : text.substring(0, end));
        return length.find() && text.length() >= end + 4 + Integer.parseInt(length.group(1));
    }
}

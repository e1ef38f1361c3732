package org.mcpservermanager.gateway;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.protocol.MalformedMessage;
import org.mcpservermanager.protocol.Message;

/** MCP over one WebSocket. Public because Tyrus calls its methods by reflection. */
public final class SocketEndpoint extends Endpoint {
    private static final Logger LOG = Logger.getLogger(SocketEndpoint.class.getName());

    private volatile SocketSink sink; // written once, by onOpen

    @Override
    public void onOpen(Session socket, EndpointConfig config) {
        if (!(socket.getUserPrincipal() instanceof SocketCaller caller)) {
            refuse(socket);
            return;
        }
        SocketSink made = caller.sockets().sink(socket);
        sink = made;
        Line line = caller.sockets().line(caller.opened(), made);
        socket.addMessageHandler(String.class, new MessageHandler.Whole<String>() {
            @Override
            public void onMessage(String text) {
                made.heard();
                receive(line, made, text);
            }
        });
        socket.addMessageHandler(PongMessage.class, new MessageHandler.Whole<PongMessage>() {
            @Override
            public void onMessage(PongMessage pong) {
                made.heard();
            }
        });
        socket.addMessageHandler(ByteBuffer.class, new MessageHandler.Whole<ByteBuffer>() {
            @Override
            public void onMessage(ByteBuffer binary) {
                made.close(CloseReason.CloseCodes.CANNOT_ACCEPT, "binary (expected: JSON-RPC in text frames)");
            }
        });
    }

    private static void refuse(Session socket) {
        LOG.severe(() -> "a socket at " + socket.getRequestURI().getPath()
                + " came past the filter that knows its caller (expected: none); it is closed");
        try {
            socket.close(new CloseReason(CloseReason.CloseCodes.VIOLATED_POLICY, "nobody knows whose socket this is"));
        } catch (IOException gone) {
            LOG.log(Level.FINE, "a socket was closed already", gone);
        }
    }

    private static void receive(Line line, SocketSink sink, String text) {
        try {
            line.receive(Message.parse(text.getBytes(StandardCharsets.UTF_8)));
        } catch (MalformedMessage malformed) {
            sink.send("", Message.error(malformed.id(), malformed.error()).bytes());
        } catch (RuntimeException bug) {
            sink.send("", Message.error("", Gateway.internal(bug)).bytes());
        }
    }

    @Override
    public void onClose(Session socket, CloseReason reason) {
        lost();
    }

    @Override
    public void onError(Session socket, Throwable failure) {
        LOG.log(Level.FINE, "a socket failed", failure);
        lost();
    }

    private void lost() {
        SocketSink known = sink;
        if (known != null) {
            known.lost();
        }
    }
}

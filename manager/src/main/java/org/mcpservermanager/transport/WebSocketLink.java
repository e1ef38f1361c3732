package org.mcpservermanager.transport;

import java.io.ByteArrayOutputStream;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Text;

/** A message in each text frame of a WebSocket. */
public final class WebSocketLink extends WebLink {
    private static final Duration OPEN_MAX = Duration.ofSeconds(30);
    private static final long FAREWELL_MILLIS = 1_000;
    private static final int REASON_MAX = 200;

    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final Deque<Message> waiting = new ArrayDeque<>(); // in turn
    private boolean sending; // in turn
    private volatile WebSocket socket;

    private WebSocketLink(ServerId server, Target target, Web web) {
        super(server, target, web);
    }

    /** Fails with a ProblemException when it cannot be connected. */
    public static CompletableFuture<NetworkLink> to(ServerId server, Target target, Web web) {
        WebSocketLink link = new WebSocketLink(server, target, web);
        WebSocket.Builder builder = web.client().newWebSocketBuilder().connectTimeout(OPEN_MAX);
        target.headers().forEach(builder::header);
        return builder.subprotocols("mcp")
                .buildAsync(target.url(), link.new Frames())
                .handle((socket, failure) -> {
                    if (failure != null) {
                        throw new ProblemException(problemOf(target, WebProblems.cause(failure)));
                    }
                    link.socket = socket;
                    return link;
                });
    }

    private static Problem problemOf(Target target, Throwable failure) {
        if (failure instanceof WebSocketHandshakeException refused) {
            return WebProblems.status(target, refused.getResponse().statusCode());
        }
        return WebProblems.unreachable(target, failure)
                .orElseGet(() -> new Problem(
                        Problem.UNREACHABLE,
                        target.origin() + ": no WebSocket: " + WebProblems.words(failure),
                        "Check that url is that of a WebSocket."));
    }

    @Override
    public void open(Receiver receiver) {
        super.open(receiver);
        opened.complete(null);
    }

    @Override
    public boolean send(Message message) {
        if (ending.hasCome() || !budget.take(message.length())) {
            return false;
        }
        intake.inTurn(() -> {
            waiting.add(message);
            sendNext();
        });
        return true;
    }

    /** In turn. The next frame may leave when the one before has. */
    private void sendNext() {
        if (sending || waiting.isEmpty() || ending.hasCome()) {
            return;
        }
        sending = true;
        Message message = waiting.remove();
        String text = new String(message.bytes(), StandardCharsets.UTF_8);
        socket.sendText(text, true)
                .whenComplete((same, failure) -> intake.inTurn(() -> {
                    sending = false;
                    budget.give(message.length());
                    if (failure != null) {
                        fail("cannot be written to: " + WebProblems.words(failure));
                    }
                    sendNext();
                }));
    }

    @Override
    void leave() {
        intake.close(ending.reason());
        if (ending.problem().isPresent()) {
            abort();
            return;
        }
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").whenComplete((same, failure) -> ending.complete());
        web.later(FAREWELL_MILLIS, this::abort);
    }

    private void abort() {
        socket.abort();
        ending.complete();
    }

    private void fail(String how) {
        fail(new Problem(Problem.UNREACHABLE, target().origin() + " " + how, "Look at the log of that server."));
    }

    private final class Frames implements WebSocket.Listener {
        private final ByteArrayOutputStream frame = new ByteArrayOutputStream();
        private long length;

        @Override
        public void onOpen(WebSocket opening) {
            socket = opening;
            // nothing is read before somebody listens
            opened.thenRun(() -> opening.request(1));
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            byte[] bytes = part.toString().getBytes(StandardCharsets.UTF_8);
            take(bytes, last);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket from, ByteBuffer part, boolean last) {
            byte[] bytes = new byte[part.remaining()];
            part.get(bytes);
            take(bytes, last);
            return null;
        }

        private void take(byte[] bytes, boolean last) {
            length += bytes.length;
            if (length <= HttpLink.MESSAGE_MAX) {
                frame.writeBytes(bytes);
            }
            byte[] whole = last ? frame.toByteArray() : new byte[0];
            long size = length;
            if (last) {
                frame.reset();
                length = 0;
            }
            intake.inTurn(() -> {
                if (last && size > HttpLink.MESSAGE_MAX) {
                    intake.noise("a frame of " + size + " bytes was cut (expected: at most " + HttpLink.MESSAGE_MAX
                            + "): " + Intake.excerpt(whole));
                } else if (last) {
                    intake.frame(whole, message -> {});
                }
                socket.request(1);
            });
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
            intake.inTurn(() -> fail("closed the WebSocket with status " + status
                    + (reason.isEmpty() ? "" : ": " + Text.oneLine(reason, REASON_MAX))));
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable failure) {
            intake.inTurn(() -> fail("broke the WebSocket: " + WebProblems.words(failure)));
        }
    }
}

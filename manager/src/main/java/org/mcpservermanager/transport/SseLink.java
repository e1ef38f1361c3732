package org.mcpservermanager.transport;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;

/**
 * HTTP with server-sent events by the revision 2024-11-05: one stream brings everything, and says first where messages are posted
 * to. Messages are posted one after the other.
 */
public final class SseLink extends WebLink {
    private static final Duration POST_MAX = Duration.ofSeconds(30);
    private static final int REFUSAL_MAX = 4 << 10;

    private final Deque<Message> waiting = new ArrayDeque<>(); // in turn
    private Target endpoint; // in turn; null until the server named it
    private boolean posting; // in turn
    private volatile CompletableFuture<HttpResponse<byte[]>> stream;

    private SseLink(ServerId server, Target target, Web web) {
        super(server, target, web);
    }

    public static SseLink to(ServerId server, Target target, Web web) {
        return new SseLink(server, target, web);
    }

    @Override
    public void open(Receiver receiver) {
        super.open(receiver);
        try {
            HttpRequest get =
                    target().request().setHeader("Accept", "text/event-stream").build();
            stream = web.client().sendAsync(get, this::head);
            stream.whenComplete((answer, failure) -> intake.inTurn(() -> finished(answer, failure)));
        } catch (IllegalArgumentException | RejectedExecutionException cannot) {
            fail(new Problem(Problem.INTERNAL, "nothing can be sent to " + target().origin() + ": " + cannot, ""));
        }
    }

    @Override
    public boolean send(Message message) {
        if (ending.hasCome() || !budget.take(message.length())) {
            return false;
        }
        intake.inTurn(() -> {
            waiting.add(message);
            post();
        });
        return true;
    }

    @Override
    void leave() {
        CompletableFuture<?> open = stream;
        if (open != null) {
            open.cancel(true);
        }
        intake.close(ending.reason());
        ending.complete();
    }

    private BodySubscriber<byte[]> head(ResponseInfo info) {
        return info.statusCode() == 200 && Listening.isEvents(info)
                ? Bodies.streamed(intake, new SseParser(HttpLink.MESSAGE_MAX, new Events())::feed)
                : Bodies.whole(REFUSAL_MAX);
    }

    private void finished(HttpResponse<byte[]> answer, Throwable failure) {
        if (ending.hasCome()) {
            return;
        }
        if (failure != null) {
            fail(WebProblems.unreachable(target(), failure).orElseGet(() -> lost(WebProblems.words(failure))));
        } else if (answer.statusCode() != 200) {
            fail(WebProblems.status(target(), answer.statusCode()));
        } else {
            fail(lost("it was ended by the server"));
        }
    }

    private Problem lost(String how) {
        return new Problem(
                Problem.UNREACHABLE,
                target().origin() + ": the stream of events " + (endpoint == null ? "named no endpoint: " : "broke: ")
                        + how,
                "Look at the log of that server.");
    }

    /** In turn. */
    private void post() {
        if (posting || endpoint == null || waiting.isEmpty() || ending.hasCome()) {
            return;
        }
        Message message = waiting.remove();
        posting = true;
        HttpRequest post = endpoint.request()
                .setHeader("Content-Type", "application/json")
                .timeout(POST_MAX)
                .POST(BodyPublishers.ofByteArray(message.bytes()))
                .build();
        web.client()
                .sendAsync(post, BodyHandlers.discarding())
                .whenComplete((answer, failure) -> intake.inTurn(() -> posted(message, answer, failure)));
    }

    private void posted(Message message, HttpResponse<Void> answer, Throwable failure) {
        posting = false;
        budget.give(message.length());
        if (failure != null) {
            WebProblems.unreachable(target(), failure)
                    .ifPresentOrElse(this::fail, () -> refused(message, WebProblems.words(failure)));
        } else if (answer.statusCode() / 100 != 2) {
            refused(message, "HTTP status " + answer.statusCode());
        }
        post();
    }

    private void refused(Message message, String how) {
        if (message.kind() == Message.Kind.REQUEST) {
            String text = "The server did not take the request: " + how;
            intake.deliver(Message.error(message.id(), RpcError.of(RpcError.SERVER_UNAVAILABLE, text)));
        } else {
            intake.noise(target().origin() + " did not take " + message.method() + ": " + how);
        }
    }

    /** In turn. */
    private final class Events implements SseParser.Sink {
        @Override
        public void event(String type, byte[] data) {
            if (type.equals("endpoint")) {
                named(new String(data, StandardCharsets.UTF_8));
            } else if (type.equals("message")) {
                intake.frame(data, message -> {});
            }
        }

        private void named(String address) {
            URI there;
            try {
                there = target().url().resolve(address.strip());
            } catch (IllegalArgumentException notAnAddress) {
                there = URI.create("");
            }
            if (!target().isSameOrigin(there)) {
                fail(new Problem(
                        Problem.HANDSHAKE_FAILED,
                        target().origin()
                                + " wants messages to be posted elsewhere (expected: the same scheme, host and port)",
                        "Put the address that it names itself by into url."));
                return;
            }
            endpoint = target().at(there);
            post();
        }

        @Override
        public void tooLong(long length) {
            intake.cutEvent(length);
        }
    }
}

package org.mcpservermanager.transport;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.Problem;

/**
 * One message on its way, and the stream of what the server sends for it, which is taken up again when it breaks. Its state is
 * touched in the intake's turn only, but for what can be aborted.
 */
final class Posting implements SseParser.Sink {
    private static final Duration NOTIFICATION_MAX = Duration.ofSeconds(30);
    private static final int REFUSAL_MAX = 64 << 10;
    private static final int REDIRECTS_MAX = 3;
    private static final int BREAKS_MAX = 3;

    private final HttpLink link;
    private final String key;
    private final Message message;
    private final CompletableFuture<Void> accepted = new CompletableFuture<>();
    private final Reconnect reconnect = new Reconnect();
    private boolean answered;
    private boolean resuming;
    private boolean streamed;
    private int breaks;
    private int redirects;
    private volatile boolean aborted;
    private volatile CompletableFuture<HttpResponse<byte[]>> exchange;
    private volatile Future<?> pause = CompletableFuture.completedFuture(null);

    Posting(HttpLink link, String key, Message message) {
        this.link = link;
        this.key = key;
        this.message = message;
    }

    int length() {
        return message.length();
    }

    /** Completes when the server took it, or never will. */
    CompletableFuture<Void> accepted() {
        return accepted;
    }

    void start() {
        try {
            send(link.post(message, message.kind() == Message.Kind.REQUEST ? Duration.ZERO : NOTIFICATION_MAX));
        } catch (IllegalArgumentException | RejectedExecutionException cannot) {
            link.fail(new Problem(
                    Problem.INTERNAL, "nothing can be sent to " + link.target().origin() + ": " + cannot, ""));
        }
    }

    void abort() {
        aborted = true;
        pause.cancel(false);
        CompletableFuture<?> open = exchange;
        if (open != null) {
            open.cancel(true);
        }
        link.intake().inTurn(this::over);
    }

    private void send(HttpRequest request) {
        if (aborted) {
            link.intake().inTurn(this::over);
            return;
        }
        CompletableFuture<HttpResponse<byte[]>> sent = link.web().client().sendAsync(request, this::head);
        exchange = sent;
        if (aborted) {
            sent.cancel(true);
        }
        sent.whenComplete((answer, failure) -> link.intake().inTurn(() -> finished(answer, failure)));
    }

    private BodySubscriber<byte[]> head(ResponseInfo info) {
        boolean good = info.statusCode() / 100 == 2;
        boolean events = good && Listening.isEvents(info);
        link.intake().inTurn(() -> {
            streamed = events;
            if (good && message.method().equals(Method.INITIALIZE) && !resuming) {
                link.opened(info.headers());
            }
            if (good) {
                accepted.complete(null);
            }
        });
        return events
                ? Bodies.streamed(link.intake(), new SseParser(HttpLink.MESSAGE_MAX, this)::feed)
                : Bodies.whole(good ? HttpLink.MESSAGE_MAX : REFUSAL_MAX);
    }

    private void finished(HttpResponse<byte[]> answer, Throwable failure) {
        if (aborted) {
            over();
        } else if (failure != null) {
            broken(failure);
        } else if (answer.statusCode() / 100 == 2) {
            if (!streamed && answer.body().length > 0) {
                link.intake().frame(answer.body(), this::seen);
            }
            ended(answer.statusCode());
        } else {
            refused(answer);
        }
    }

    /** A good answer is at its end. */
    private void ended(int status) {
        boolean waits = message.kind() == Message.Kind.REQUEST && !answered;
        if (waits && reconnect.isPossible()) {
            resume();
            return;
        }
        // accepted without an answer: it may still come on the other stream, or the caller gives up
        if (waits && status != 202) {
            lost("ended its answer without a response");
        }
        over();
    }

    private void broken(Throwable failure) {
        Optional<Problem> unreachable = WebProblems.unreachable(link.target(), failure);
        if (unreachable.isPresent()) {
            link.fail(unreachable.get());
            over();
        } else if (!answered && reconnect.isPossible() && breaks < BREAKS_MAX) {
            breaks++;
            resume();
        } else {
            lost("did not answer: " + WebProblems.words(failure));
            over();
        }
    }

    private void resume() {
        resuming = true;
        pause = link.web().later(reconnect.millis(), () -> send(link.listen(reconnect.lastEventId())));
    }

    private void refused(HttpResponse<byte[]> answer) {
        int status = answer.statusCode();
        Optional<Message> error = Intake.errorIn(answer.body());
        boolean ours = error.filter(m -> m.id().equals(message.id())).isPresent();
        if (!resuming && follow(answer)) {
            return;
        }
        if (status == 404 && link.hasSession() && !ours) {
            link.fail(WebProblems.sessionEnded(link.target()));
        } else if (message.method().equals(Method.INITIALIZE)) {
            link.refused(status);
            error.filter(m -> ours)
                    .ifPresentOrElse(
                            link.intake()::deliver, () -> link.fail(WebProblems.status(link.target(), status)));
        } else if (resuming && status >= 500 && breaks < BREAKS_MAX) {
            breaks++;
            resume();
            return;
        } else if (error.isPresent() && message.kind() == Message.Kind.REQUEST) {
            answered = true;
            link.intake().deliver(error.get().withId(message.id()));
        } else {
            failed("answered with HTTP status " + status);
        }
        over();
    }

    private boolean follow(HttpResponse<?> answer) {
        Optional<Target> there = redirects < REDIRECTS_MAX ? link.target().redirected(answer) : Optional.empty();
        there.ifPresent(target -> {
            redirects++;
            link.moved(target);
            start();
        });
        return there.isPresent();
    }

    private void failed(String how) {
        failed(how, RpcError.of(RpcError.SERVER_UNAVAILABLE, "The server " + how));
    }

    private void lost(String how) {
        failed(how, WebProblems.lost(how));
    }

    private void failed(String how, RpcError error) {
        if (message.kind() != Message.Kind.REQUEST) {
            String what = message.method().isEmpty() ? "an answer" : message.method();
            link.intake().noise(what + ": " + link.target().origin() + " " + how);
        } else if (!answered) {
            answered = true;
            link.intake().deliver(Message.error(message.id(), error));
        }
    }

    private void over() {
        accepted.complete(null);
        link.over(key, this);
    }

    private void seen(Message received) {
        if (received.isResponse() && received.id().equals(message.id())) {
            answered = true;
            if (message.method().equals(Method.INITIALIZE)) {
                link.initialized(received);
            }
        }
    }

    @Override
    public void event(String type, byte[] data) {
        breaks = 0;
        if (type.equals("message")) {
            link.intake().frame(data, this::seen);
        }
    }

    @Override
    public void id(String lastEventId) {
        reconnect.at(lastEventId);
    }

    @Override
    public void retry(long millis) {
        reconnect.after(millis);
    }

    @Override
    public void tooLong(long length) {
        link.intake().cutEvent(length);
        failed("answered with an event of " + length + " bytes (expected: at most " + HttpLink.MESSAGE_MAX + ")");
    }
}

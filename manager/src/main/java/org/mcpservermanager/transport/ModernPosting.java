package org.mcpservermanager.transport;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.Problem;

/** One request on its way, and what the server sends for it. Touched in the intake's turn only, but for what can be aborted. */
final class ModernPosting implements SseParser.Sink {
    private static final int REFUSAL_MAX = 64 << 10;
    private static final int REDIRECTS_MAX = 3;
    private static final int PAGES_MAX = 50;
    /** No number, as all ids of conversations are. */
    private static final String OWN_ID = "\"manager\"";

    private final ModernHttpLink link;
    private final Message request;
    /** What is on its way: the request, or between its two tries a tools/list of our own. */
    private Message current;

    private boolean streamed;
    private boolean answered;
    private boolean retried;
    private int redirects;
    private int pages;
    private Message list; // the answer to our own tools/list
    private volatile boolean aborted;
    private volatile CompletableFuture<HttpResponse<byte[]>> exchange;

    ModernPosting(ModernHttpLink link, Message request) {
        this.link = link;
        this.request = request;
        this.current = request;
    }

    void start() {
        link.intake().inTurn(() -> send(request));
    }

    void abort() {
        aborted = true;
        CompletableFuture<?> open = exchange;
        if (open != null) {
            open.cancel(true);
        }
        link.intake().inTurn(this::over);
    }

    private void send(Message message) {
        if (aborted) {
            over();
            return;
        }
        current = message;
        streamed = false;
        try {
            CompletableFuture<HttpResponse<byte[]>> sent =
                    link.web().client().sendAsync(link.post(message), this::head);
            exchange = sent;
            if (aborted) {
                sent.cancel(true);
            }
            sent.whenComplete((answer, failure) -> link.intake().inTurn(() -> finished(answer, failure)));
        } catch (IllegalArgumentException unfit) {
            failed("cannot be asked: the method, or the revision, is no header value");
            over();
        } catch (RejectedExecutionException goingDown) {
            link.fail(new Problem(Problem.INTERNAL, "nothing can be sent any more: " + goingDown, ""));
        }
    }

    private BodySubscriber<byte[]> head(ResponseInfo info) {
        boolean good = info.statusCode() / 100 == 2;
        if (good && Listening.isEvents(info)) {
            link.intake().inTurn(() -> streamed = true);
            return Bodies.streamed(link.intake(), new SseParser(HttpLink.MESSAGE_MAX, this)::feed);
        }
        return Bodies.whole(good ? HttpLink.MESSAGE_MAX : REFUSAL_MAX);
    }

    private void finished(HttpResponse<byte[]> answer, Throwable failure) {
        if (aborted) {
            over();
            return;
        }
        if (failure != null) {
            Optional<Problem> unreachable = WebProblems.unreachable(link.target(), failure);
            unreachable.ifPresentOrElse(link::fail, () -> lost("did not answer: " + WebProblems.words(failure)));
        } else if (answer.statusCode() / 100 == 2) {
            if (!streamed && answer.body().length > 0) {
                link.intake().messages(answer.body(), this::seen);
            }
        } else if (refused(answer)) {
            return;
        }
        if (current != request) {
            listed();
        } else {
            lost("ended its answer without a response");
            over();
        }
    }

    /** @return whether it goes on with another try */
    private boolean refused(HttpResponse<byte[]> answer) {
        int status = answer.statusCode();
        Optional<Target> there = redirects < REDIRECTS_MAX ? link.target().redirected(answer) : Optional.empty();
        if (there.isPresent()) {
            redirects++;
            link.moved(there.get());
            send(current);
            return true;
        }
        Optional<Message> error = Intake.errorIn(answer.body());
        if (current == request && !retried && request.method().equals(Method.TOOLS_CALL) && isMismatch(error)) {
            retried = true;
            askForTools("");
            return true;
        }
        boolean first = request.method().equals(Method.SERVER_DISCOVER);
        if (error.isPresent() && current == request) {
            seen(error.get().withId(request.id()));
        } else if (first && (status == 401 || status == 403)) {
            link.fail(WebProblems.status(link.target(), status));
        } else if (current == request) {
            failed("answered with HTTP status " + status);
        }
        return false;
    }

    private static boolean isMismatch(Optional<Message> error) {
        return error.map(message -> JsonText.member(message.error(), "code"))
                .filter(Integer.toString(RpcError.HEADER_MISMATCH)::equals)
                .isPresent();
    }

    /** The schema may have changed since it was listed, or was never listed. */
    private void askForTools(String rawCursor) {
        Map<String, String> params = new LinkedHashMap<>();
        String meta = request.rawParam("_meta");
        params.put("_meta", meta.startsWith("{") ? JsonText.without(meta, Set.of("progressToken")) : "{}");
        if (!rawCursor.isEmpty()) {
            params.put("cursor", rawCursor);
        }
        list = null;
        send(Message.request(OWN_ID, Method.TOOLS_LIST, JsonText.object(params)));
    }

    private void listed() {
        String cursor =
                list == null || !list.result().startsWith("{") ? "" : JsonText.member(list.result(), "nextCursor");
        if (cursor.startsWith("\"") && ++pages < PAGES_MAX) {
            askForTools(cursor);
        } else {
            send(request);
        }
    }

    private void seen(Message received) {
        Consumer<String> rejected = link.intake()::noise;
        if (current != request) {
            if (received.isResponse()) {
                list = received;
                link.tools().listed(received, why -> {});
            }
            return;
        }
        boolean answer = received.isResponse() && received.id().equals(request.id());
        answered |= answer;
        link.intake()
                .deliver(
                        answer && request.method().equals(Method.TOOLS_LIST)
                                ? link.tools().listed(received, rejected)
                                : received);
    }

    private void failed(String how) {
        failed(RpcError.of(RpcError.SERVER_UNAVAILABLE, "The server " + how));
    }

    private void lost(String how) {
        failed(WebProblems.lost(how));
    }

    private void failed(RpcError error) {
        if (!answered && current == request) {
            answered = true;
            link.intake().deliver(Message.error(request.id(), error));
        }
    }

    private void over() {
        link.over(request, this);
    }

    @Override
    public void event(String type, byte[] data) {
        if (type.equals("message")) {
            link.intake().messages(data, this::seen);
        }
    }

    @Override
    public void tooLong(long length) {
        link.intake().cutEvent(length);
        failed("answered with an event of " + length + " bytes (expected: at most " + HttpLink.MESSAGE_MAX + ")");
    }
}

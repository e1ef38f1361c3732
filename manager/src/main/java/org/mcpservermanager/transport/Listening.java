package org.mcpservermanager.transport;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.mcpservermanager.server.Problem;

/** The stream of what a server says outside requests, opened again and again, if the server offers it. */
final class Listening implements SseParser.Sink {
    private static final int REFUSAL_MAX = 4 << 10;
    private static final long PAUSE_MILLIS_MAX = 60_000;
    private static final int DOUBLINGS_MAX = 6;
    private static final long WORTH_IT_NANOS = 10_000_000_000L;

    private final HttpLink link;
    private final Reconnect reconnect = new Reconnect(); // in turn
    private int vain; // in turn: attempts since one was worth it
    private boolean streamed; // in turn
    private long since = System.nanoTime(); // in turn
    private volatile boolean stopped;
    private volatile CompletableFuture<HttpResponse<byte[]>> exchange;
    private volatile Future<?> pause = CompletableFuture.completedFuture(null);

    Listening(HttpLink link) {
        this.link = link;
    }

    static boolean isEvents(ResponseInfo info) {
        return info.headers()
                .firstValue("Content-Type")
                .filter(type -> type.toLowerCase(Locale.ROOT).startsWith("text/event-stream"))
                .isPresent();
    }

    void start() {
        link.intake().inTurn(this::connect);
    }

    void stop() {
        stopped = true;
        pause.cancel(false);
        CompletableFuture<?> open = exchange;
        if (open != null) {
            open.cancel(true);
        }
    }

    private void connect() {
        if (stopped) {
            return;
        }
        CompletableFuture<HttpResponse<byte[]>> sent =
                link.web().client().sendAsync(link.listen(reconnect.lastEventId()), this::head);
        exchange = sent;
        if (stopped) {
            sent.cancel(true);
        }
        sent.whenComplete((answer, failure) -> link.intake().inTurn(() -> finished(answer, failure)));
    }

    private BodySubscriber<byte[]> head(ResponseInfo info) {
        boolean events = info.statusCode() == 200 && isEvents(info);
        link.intake().inTurn(() -> {
            streamed = events;
            since = System.nanoTime();
        });
        return events
                ? Bodies.streamed(link.intake(), new SseParser(HttpLink.MESSAGE_MAX, this)::feed)
                : Bodies.whole(REFUSAL_MAX);
    }

    private void finished(HttpResponse<byte[]> answer, Throwable failure) {
        if (stopped) {
            return;
        }
        if (failure == null && answer.statusCode() == 404 && link.hasSession()) {
            link.fail(WebProblems.sessionEnded(link.target()));
            return;
        }
        boolean offered = failure != null || answer.statusCode() >= 500 || streamed;
        if (!offered) {
            // 405 mostly: this server says nothing outside requests
            return;
        }
        Optional<Problem> unreachable =
                failure == null ? Optional.empty() : WebProblems.unreachable(link.target(), failure);
        if (unreachable.isPresent()) {
            link.fail(unreachable.get());
        } else {
            again();
        }
    }

    private void again() {
        if (streamed && System.nanoTime() - since > WORTH_IT_NANOS) {
            vain = 0;
        }
        streamed = false;
        long millis = Math.min(PAUSE_MILLIS_MAX, reconnect.millis() << Math.min(vain, DOUBLINGS_MAX));
        vain++;
        pause = link.web().later(Math.max(millis, reconnect.millis()), this::start);
    }

    @Override
    public void event(String type, byte[] data) {
        vain = 0;
        if (type.equals("message")) {
            link.intake().frame(data, message -> {});
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
    }
}

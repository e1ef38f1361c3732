package org.mcpservermanager.gateway;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.stream.BodyWriter;
import org.mcpservermanager.stream.EventStream;
import org.mcpservermanager.stream.EventStreams;

/**
 * Answers on the request thread when the answer comes at once, which costs half of resuming an asynchronous request; otherwise
 * goes asynchronous, and whoever has the answer writes it. The monitor guards the fields; nothing is written while holding it.
 */
final class ServletReply implements Reply {
    private static final Logger LOG = Logger.getLogger(ServletReply.class.getName());

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final EventStreams streams;
    private final GatewayParts.Waits waits;
    private AsyncContext async;
    private Outcome outcome = new Undecided();

    /** What is to be written. */
    private sealed interface Outcome {}

    private record Undecided() implements Outcome {}

    private record Whole(Answer answer) implements Outcome {}

    private record Streaming(EventStream stream) implements Outcome {}

    private record Written() implements Outcome {}

    ServletReply(
            HttpServletRequest request, HttpServletResponse response, EventStreams streams, GatewayParts.Waits waits) {
        this.request = request;
        this.response = response;
        this.streams = streams;
        this.waits = waits;
    }

    @Override
    public void answer(Answer answer) {
        decide(new Whole(answer));
    }

    @Override
    public Sink stream(Map<String, String> headers) {
        headers.forEach(response::setHeader); // nobody writes before this is decided
        EventStream stream = streams.create();
        decide(new Streaming(stream));
        return new ServletSink(stream);
    }

    /** On the request thread: from here on, whoever decides writes. */
    AsyncContext goAsync() {
        AsyncContext started = request.startAsync();
        started.setTimeout(0);
        synchronized (this) {
            async = started;
        }
        return started;
    }

    /** On the request thread, when it has nothing left to do but wait. */
    void settle() throws IOException {
        boolean asyncAlready;
        synchronized (this) {
            asyncAlready = async != null;
        }
        if (asyncAlready) {
            return;
        }
        Outcome decided = await();
        if (decided instanceof Whole whole && whole.answer().body().length <= BodyWriter.SMALL) {
            write(whole.answer());
            return;
        }
        AsyncContext started = request.startAsync();
        started.setTimeout(0);
        synchronized (this) {
            async = started;
            decided = outcome;
            outcome = decided instanceof Undecided ? decided : new Written();
        }
        write(decided, started);
    }

    private void decide(Outcome decided) {
        AsyncContext writer;
        synchronized (this) {
            if (!(outcome instanceof Undecided)) {
                throw new IllegalStateException("answered twice: " + outcome + ", then " + decided);
            }
            writer = async;
            outcome = writer == null ? decided : new Written();
            notifyAll();
        }
        if (writer != null) {
            try {
                write(decided, writer);
            } catch (IOException | IllegalStateException gone) { // the client went away; nobody is left to be told
                LOG.log(Level.FINE, gone, () -> "not answered: " + decided);
                complete(writer);
            }
        }
    }

    private static void complete(AsyncContext async) {
        try {
            async.complete();
        } catch (IllegalStateException completed) {
            // by the container, which noticed first
        }
    }

    private Outcome await() {
        Optional<Outcome> now = decided();
        if (now.isPresent() || waits.nanos() == 0 || !waits.waiting().tryAcquire()) {
            return now.orElseGet(Undecided::new);
        }
        long end = System.nanoTime() + waits.nanos();
        try {
            synchronized (this) {
                for (long left = waits.nanos();
                        outcome instanceof Undecided && left > 0;
                        left = end - System.nanoTime()) {
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                }
                return outcome;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return decided().orElseGet(Undecided::new);
        } finally {
            waits.waiting().release();
        }
    }

    private synchronized Optional<Outcome> decided() {
        return outcome instanceof Undecided ? Optional.empty() : Optional.of(outcome);
    }

    private static void write(Outcome decided, AsyncContext async) throws IOException {
        if (decided instanceof Whole whole) {
            head(whole.answer(), (HttpServletResponse) async.getResponse());
            BodyWriter.write(async, whole.answer().body());
        } else if (decided instanceof Streaming streaming) {
            streaming.stream().attach(async);
        }
    }

    private void write(Answer answer) throws IOException {
        head(answer, response);
        response.setContentLength(answer.body().length);
        response.getOutputStream().write(answer.body());
    }

    private static void head(Answer answer, HttpServletResponse to) {
        to.setStatus(answer.status());
        answer.headers().forEach(to::setHeader);
        to.setHeader("Cache-Control", "no-store");
        if (answer.body().length > 0) {
            to.setContentType("application/json");
        }
    }
}

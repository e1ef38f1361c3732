package org.mcpservermanager.conversation;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.transport.Link;

/**
 * Sends requests of many clients over one link, each under a number of ours that is also its progress token, and sees to it that
 * each ends once: answered, overdue, cancelled, or with the link.
 */
final class Dispatch {
    /** That of the request which opens the conversation; calls are numbered from 1. */
    static final long OPENING_ID = 0;

    private static final System.Logger LOG = System.getLogger(Dispatch.class.getName());

    private final Terms terms;
    private final Link link;
    private final BiConsumer<OpenCall, String> onGivenUp;
    private final OpenCalls calls = new OpenCalls();
    private final Deadlines deadlines;
    private final AtomicLong lastId = new AtomicLong(OPENING_ID);
    private final LongAdder strays = new LongAdder();
    private final AtomicReference<Problem> ended = new AtomicReference<>();

    /** @param onGivenUp told of calls that nobody waits for any more, and why */
    Dispatch(Terms terms, Link link, BiConsumer<OpenCall, String> onGivenUp) {
        this.terms = terms;
        this.link = link;
        this.onGivenUp = onGivenUp;
        this.deadlines = new Deadlines(calls, terms.timer(), terms.request().toNanos(), this::overdue);
    }

    Terms terms() {
        return terms;
    }

    OpenCalls calls() {
        return calls;
    }

    long nextId() {
        return lastId.incrementAndGet();
    }

    Call begin(Exchange exchange) {
        OpenCall call = reserve(exchange);
        return send(call, call.request()) ? call : Call.DONE;
    }

    /** A call that counts as open from now on but is not sent yet. */
    OpenCall reserve(Exchange exchange) {
        if (exchange.request().kind() != Message.Kind.REQUEST) {
            throw new IllegalArgumentException("an exchange begins with a request: " + exchange.request());
        }
        OpenCall call = new OpenCall(nextId(), exchange, clock(), this::cancel);
        calls.add(call);
        deadlines.callBegan();
        return call;
    }

    private OpenCall.Clock clock() {
        return new OpenCall.Clock(
                System.nanoTime(), terms.request().toNanos(), terms.requestMax().toNanos());
    }

    /** False when it could not be sent; the call has failed then. */
    boolean send(OpenCall call, Message request) {
        call.sent();
        String own = Long.toString(call.id());
        if (ended.get() == null && link.send(request.addressed(own, own))) {
            return true;
        }
        if (calls.take(call)) {
            call.fail(unsent());
        }
        return false;
    }

    /** Why nothing is taken. */
    RpcError unsent() {
        Problem cause = ended.get();
        return cause == null ? Failures.notReading(terms.server()) : Failures.unavailable(terms.server(), cause);
    }

    void cancel(OpenCall call, String reason) {
        if (giveUp(call, reason)) {
            onGivenUp.accept(call, "the client cancelled the call");
        }
    }

    private boolean giveUp(OpenCall call, String reason) {
        if (!call.isSent()) {
            return calls.take(call);
        }
        if (!calls.abandon(call)) {
            return false;
        }
        sendCancelled(call.id(), reason);
        return true;
    }

    private void overdue(OpenCall call) {
        if (giveUp(call, "timeout")) {
            guarded(() -> onGivenUp.accept(call, "the call took too long"));
            guarded(() -> call.fail(Failures.timeout(terms.server(), terms.request())));
        }
    }

    void sendCancelled(long id, String reason) {
        link.send(Message.notification(
                Method.CANCELLED, "{\"requestId\":" + id + ",\"reason\":" + JsonText.quote(reason) + "}"));
    }

    void answered(Message answer) {
        answered(answer, call -> {});
    }

    /** @param first told the call before its client is told the answer */
    void answered(Message answer, Consumer<OpenCall> first) {
        long id = answer.plainId();
        calls.take(id)
                .ifPresentOrElse(
                        call -> {
                            guarded(() -> first.accept(call));
                            call.complete(answer);
                        },
                        () -> {
                            if (!calls.forget(id)) {
                                stray();
                            }
                        });
    }

    void progressed(Message progress) {
        progressed(progress, ofNoCall -> false);
    }

    /** @param ofNoCall takes what belongs to no open call; false when it belongs to nothing at all */
    void progressed(Message progress, Predicate<Message> ofNoCall) {
        Optional<OpenCall> found = calls.find(progress.plainProgressToken());
        Optional<OpenCall> listening =
                found.filter(call -> !call.request().progressToken().isEmpty());
        if (listening.isPresent()) {
            listening.get().tellProgress(progress);
        } else if (found.isPresent() || !ofNoCall.test(progress)) {
            stray();
        }
    }

    void stray() {
        strays.increment();
    }

    long strays() {
        return strays.sum();
    }

    boolean isEnded() {
        return ended.get() != null;
    }

    /** From now on nothing is sent. False when it was so before. */
    boolean end(Problem cause) {
        return ended.compareAndSet(null, cause);
    }

    void failAll(Problem cause) {
        RpcError error = Failures.unavailable(terms.server(), cause);
        for (OpenCall call : List.copyOf(calls.all())) {
            if (calls.take(call)) {
                guarded(() -> call.fail(error));
            }
        }
    }

    CompletableFuture<Void> idle() {
        return calls.idle();
    }

    /** A client that fails must not cost the others their answers. */
    void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "Server '" + terms.server() + "': a receiver failed", e);
        }
    }
}

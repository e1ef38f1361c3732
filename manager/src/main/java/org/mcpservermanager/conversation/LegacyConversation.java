package org.mcpservermanager.conversation;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.transport.Link;

/**
 * MCP by the revisions 2024-11-05 to 2025-11-25. Many clients share one link: every request goes out under a number of ours, which
 * is also its progress token, and its answer comes back under the client's own. Answers complete on the link's reader thread.
 */
public final class LegacyConversation implements Conversation {
    private static final System.Logger LOG = System.getLogger(LegacyConversation.class.getName());

    private final Terms terms;
    private final Link link;
    private final Handshake handshake;
    private final OpenCalls calls = new OpenCalls();
    private final Questions questions;
    private final Deadlines deadlines;
    private final AtomicLong lastId = new AtomicLong(Handshake.ID);
    private final LongAdder strays = new LongAdder();
    private final CompletableFuture<Conversation> opening = new CompletableFuture<>();
    private final AtomicReference<Problem> ended = new AtomicReference<>();
    /** Written once, by the reader, before opening completes. */
    private volatile Peer peer;
    /** Written once, before the link is opened. */
    private volatile Future<?> handshakeTimeout = CompletableFuture.completedFuture(null);

    /** Written by the reader only. */
    private volatile long heardAt = System.nanoTime();

    private LegacyConversation(Link link, Terms terms) {
        this.terms = terms;
        this.link = link;
        this.handshake = new Handshake(terms.server(), terms.offered());
        this.questions = new Questions(terms, link, calls);
        this.deadlines = new Deadlines(calls, terms.timer(), terms.request().toNanos(), this::overdue);
    }

    /**
     * Opens the link and shakes hands. Fails with a ProblemException (handshake_failed, startup_timeout, process_exited), and the
     * link is closed then. The stage completes on the link's reader thread.
     */
    public static CompletionStage<Conversation> open(Link link, Terms terms) {
        LegacyConversation conversation = new LegacyConversation(link, terms);
        try {
            conversation.shakeHands();
        } catch (RuntimeException e) {
            // e.g. a timer that takes no more tasks: the caller handles one kind of failure, not two
            LOG.log(System.Logger.Level.ERROR, "Server '" + terms.server() + "': the handshake could not begin", e);
            conversation.end(new Problem(
                    Problem.INTERNAL, "The handshake with server '" + terms.server() + "' could not begin: " + e, ""));
        }
        return conversation.opening.minimalCompletionStage();
    }

    private void shakeHands() {
        handshakeTimeout =
                terms.timer().schedule(this::tooLate, terms.handshake().toMillis(), TimeUnit.MILLISECONDS);
        link.open(new Receiver());
        if (!link.send(handshake.request())) {
            end(gone("it took no input"));
        }
    }

    private void tooLate() {
        Problem problem = new Problem(
                Problem.STARTUP_TIMEOUT,
                "Server '" + terms.server() + "' did not answer initialize within "
                        + terms.handshake().toMillis() + " ms.",
                "Look at its error output, or allow it a longer startup_timeout.");
        if (opening.completeExceptionally(new ProblemException(problem))) {
            end(problem);
        }
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public int inFlight() {
        return calls.count();
    }

    @Override
    public CompletionStage<Void> idle() {
        return calls.idle();
    }

    @Override
    public Duration silence() {
        return Duration.ofNanos(System.nanoTime() - heardAt);
    }

    /** Answers and progress that belong to no open call. */
    public long strays() {
        return strays.sum();
    }

    @Override
    public Call begin(Exchange exchange) {
        if (exchange.request().kind() != Message.Kind.REQUEST) {
            throw new IllegalArgumentException("an exchange begins with a request: " + exchange.request());
        }
        long id = lastId.incrementAndGet();
        OpenCall call = new OpenCall(id, exchange, clock(), this::cancel);
        calls.add(call);
        String own = Long.toString(id);
        if (ended.get() == null && link.send(call.request().addressed(own, own))) {
            deadlines.callBegan();
            return call;
        }
        if (calls.take(call)) {
            Problem cause = ended.get();
            call.fail(
                    cause == null ? Failures.notReading(terms.server()) : Failures.unavailable(terms.server(), cause));
        }
        return Call.DONE;
    }

    private OpenCall.Clock clock() {
        return new OpenCall.Clock(
                System.nanoTime(), terms.request().toNanos(), terms.requestMax().toNanos());
    }

    private void cancel(OpenCall call, String reason) {
        if (calls.abandon(call)) {
            sendCancelled(call, reason);
            questions.callGone(call, "the client cancelled the call");
        }
    }

    private void overdue(OpenCall call) {
        if (calls.abandon(call)) {
            sendCancelled(call, "timeout");
            guarded(() -> questions.callGone(call, "the call took too long"));
            guarded(() -> call.fail(Failures.timeout(terms.server(), terms.request())));
        }
    }

    private void sendCancelled(OpenCall call, String reason) {
        link.send(Message.notification(
                Method.CANCELLED, "{\"requestId\":" + call.id() + ",\"reason\":" + JsonText.quote(reason) + "}"));
    }

    @Override
    public void tell(Message notification) {
        boolean ours = notification.method().equals(Method.CANCELLED)
                || notification.method().equals(Method.INITIALIZED);
        // those two are ours to send: the ids are ours, and the handshake was
        if (!ours) {
            link.send(notification);
        }
    }

    @Override
    public void end(Problem cause) {
        if (!ended.compareAndSet(null, cause)) {
            return;
        }
        guarded(() -> questions.end("the server is gone"));
        RpcError error = Failures.unavailable(terms.server(), cause);
        for (OpenCall call : List.copyOf(calls.all())) {
            if (calls.take(call)) {
                guarded(() -> call.fail(error));
            }
        }
        link.close();
        handshakeTimeout.cancel(false);
        opening.completeExceptionally(new ProblemException(cause));
    }

    private Problem gone(String how) {
        return new Problem(
                Problem.PROCESS_EXITED,
                "Server '" + terms.server() + "' went away: " + how + ".",
                "Look at its error output.");
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "Server '" + terms.server() + "': a receiver failed", e);
        }
    }

    /** On the link's reader thread; a client that fails here must not cost the others their answers. */
    private final class Receiver implements Link.Receiver {
        @Override
        public void onMessage(Message message) {
            if (ended.get() != null) {
                return;
            }
            heardAt = System.nanoTime();
            guarded(() -> {
                switch (message.kind()) {
                    case RESULT, ERROR -> answered(message);
                    case NOTIFICATION -> told(message);
                    case REQUEST -> asked(message);
                }
            });
        }

        @Override
        public void onNoise(String excerpt) {
            terms.listener().onNoise(excerpt);
        }

        @Override
        public void onClosed(String reason) {
            if (ended.get() != null) {
                return;
            }
            boolean wasOpen = opening.isDone();
            Problem cause = gone(reason);
            end(cause);
            if (wasOpen) {
                guarded(() -> terms.listener().onClosed(cause));
            }
        }

        private void answered(Message answer) {
            long id = answer.plainId();
            if (id == Handshake.ID && peer == null) {
                handsShaken(answer);
                return;
            }
            calls.take(id).ifPresentOrElse(call -> call.complete(answer), () -> {
                if (!calls.forget(id)) {
                    strays.increment();
                }
            });
        }

        private void handsShaken(Message answer) {
            try {
                peer = handshake.peer(answer);
            } catch (ProblemException e) {
                end(e.problem());
                return;
            }
            // only now: a server that reads both at once may not have stored our capabilities when it acts on the
            // second
            link.send(Message.notification(Method.INITIALIZED, ""));
            handshakeTimeout.cancel(false);
            opening.complete(LegacyConversation.this);
        }

        private void told(Message notification) {
            switch (notification.method()) {
                case Method.PROGRESS ->
                    calls.find(notification.plainProgressToken())
                            .filter(call -> !call.request().progressToken().isEmpty())
                            .ifPresentOrElse(call -> call.tellProgress(notification), strays::increment);
                case Method.LOG ->
                    questions.logReader().ifPresentOrElse(a -> a.tell(notification), () -> logged(notification));
                case Method.CANCELLED -> {
                    if (!questions.takenBack(notification)) {
                        strays.increment();
                    }
                }
                default -> terms.listener().onNotification(notification);
            }
        }

        /** Outside calls it may be anybody's; the listener knows who is there. */
        private void logged(Message notification) {
            if (calls.isQuiet()) {
                terms.listener().onNotification(notification);
            } else {
                strays.increment();
            }
        }

        private void asked(Message question) {
            if (peer == null && !question.method().equals(Method.PING)) {
                link.send(Message.error(
                        question.id(), RpcError.of(RpcError.INVALID_REQUEST, "Not before initialize was answered")));
                return;
            }
            questions.asked(question);
        }
    }
}

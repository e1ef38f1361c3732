package org.mcpservermanager.conversation;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
    private final Dispatch dispatch;
    private final Questions questions;
    private final CompletableFuture<Conversation> opening = new CompletableFuture<>();
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
        this.dispatch = new Dispatch(terms, link, this::givenUp);
        this.questions = new Questions(terms, link, dispatch.calls());
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
        return dispatch.calls().count();
    }

    @Override
    public CompletionStage<Void> idle() {
        return dispatch.idle();
    }

    @Override
    public Duration silence() {
        return Duration.ofNanos(System.nanoTime() - heardAt);
    }

    /** Answers and progress that belong to no open call. */
    public long strays() {
        return dispatch.strays();
    }

    @Override
    public Call begin(Exchange exchange) {
        return dispatch.begin(exchange);
    }

    private void givenUp(OpenCall call, String reason) {
        questions.callGone(call, reason);
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
    public boolean isOver() {
        return dispatch.isEnded();
    }

    @Override
    public void end(Problem cause) {
        if (!dispatch.end(cause)) {
            return;
        }
        dispatch.guarded(() -> questions.end("the server is gone"));
        dispatch.failAll(cause);
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

    /** On the link's reader thread; a client that fails here must not cost the others their answers. */
    private final class Receiver implements Link.Receiver {
        @Override
        public void onMessage(Message message) {
            if (dispatch.isEnded()) {
                return;
            }
            heardAt = System.nanoTime();
            dispatch.guarded(() -> {
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
            if (dispatch.isEnded()) {
                return;
            }
            boolean wasOpen = opening.isDone();
            Problem cause = gone(reason);
            end(cause);
            if (wasOpen) {
                dispatch.guarded(() -> terms.listener().onClosed(cause));
            }
        }

        private void answered(Message answer) {
            if (answer.plainId() == Dispatch.OPENING_ID && peer == null) {
                handsShaken(answer);
            } else {
                dispatch.answered(answer);
            }
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
                case Method.PROGRESS -> dispatch.progressed(notification);
                case Method.LOG ->
                    questions.logReader().ifPresentOrElse(a -> a.tell(notification), () -> logged(notification));
                case Method.CANCELLED -> {
                    if (!questions.takenBack(notification)) {
                        dispatch.stray();
                    }
                }
                default -> terms.listener().onNotification(notification);
            }
        }

        /** Outside calls it may be anybody's; the listener knows who is there. */
        private void logged(Message notification) {
            if (dispatch.calls().isQuiet()) {
                terms.listener().onNotification(notification);
            } else {
                dispatch.stray();
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

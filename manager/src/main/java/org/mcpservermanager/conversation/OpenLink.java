package org.mcpservermanager.conversation;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.transport.Link;

/** The link of one conversation: opened with one request, whose answer makes the peer known, and heard until it closes. */
final class OpenLink implements Link.Receiver {
    private static final System.Logger LOG = System.getLogger(OpenLink.class.getName());

    private final Conversation conversation;
    private final Dispatch dispatch;
    private final Consumer<Message> hear;
    private final Terms terms;
    private final Link link;
    private final CompletableFuture<Conversation> opening = new CompletableFuture<>();
    /** The answer and the limit race for it. */
    private final AtomicBoolean settled = new AtomicBoolean();
    /** Written once, by the reader, before opening completes. */
    private volatile Peer peer;
    /** Written once, before the link is opened. */
    private volatile Future<?> timeout = CompletableFuture.completedFuture(null);

    /** Written by the reader only. */
    private volatile long heardAt = System.nanoTime();

    /** @param hear told each message, on the link's reader thread */
    OpenLink(Conversation conversation, Link link, Dispatch dispatch, Consumer<Message> hear) {
        this.conversation = conversation;
        this.link = link;
        this.dispatch = dispatch;
        this.terms = dispatch.terms();
        this.hear = hear;
    }

    /** The stage completes on the link's reader thread; whatever goes wrong, it fails with a ProblemException. */
    CompletionStage<Conversation> open(Message request, Duration limit, Supplier<Problem> tooLate) {
        try {
            timeout = terms.timer().schedule(() -> giveUp(tooLate), limit.toMillis(), TimeUnit.MILLISECONDS);
            link.open(this);
            if (!link.send(request)) {
                conversation.end(gone("it took no input"));
            }
        } catch (RuntimeException e) {
            // e.g. a timer that takes no more tasks: the caller handles one kind of failure, not two
            LOG.log(
                    System.Logger.Level.ERROR,
                    "Server '" + terms.server() + "': " + request.method() + " could not begin",
                    e);
            conversation.end(new Problem(
                    Problem.INTERNAL, "The opening of server '" + terms.server() + "' could not begin: " + e, ""));
        }
        return opening.minimalCompletionStage();
    }

    private void giveUp(Supplier<Problem> tooLate) {
        if (settled.compareAndSet(false, true)) {
            conversation.end(tooLate.get());
        }
    }

    boolean isOpening() {
        return peer == null;
    }

    /** False when it comes too late. */
    boolean know(Peer answered) {
        if (!settled.compareAndSet(false, true)) {
            return false;
        }
        timeout.cancel(false);
        peer = answered;
        return true;
    }

    void complete() {
        opening.complete(conversation);
    }

    Peer peer() {
        return peer;
    }

    Duration silence() {
        return Duration.ofNanos(System.nanoTime() - heardAt);
    }

    /** The conversation has ended. */
    void close(Problem cause) {
        link.close();
        timeout.cancel(false);
        opening.completeExceptionally(new ProblemException(cause));
    }

    private Problem gone(String how) {
        return new Problem(
                Problem.PROCESS_EXITED,
                "Server '" + terms.server() + "' went away: " + how + ".",
                "Look at its error output.");
    }

    /** A client that fails here must not cost the others their answers. */
    @Override
    public void onMessage(Message message) {
        if (dispatch.isEnded()) {
            return;
        }
        heardAt = System.nanoTime();
        dispatch.guarded(() -> hear.accept(message));
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
        conversation.end(cause);
        if (wasOpen) {
            dispatch.guarded(() -> terms.listener().onClosed(cause));
        }
    }
}

package org.mcpservermanager.conversation;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Meta;
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
    private final Terms terms;
    private final Link link;
    private final Handshake handshake;
    private final Dispatch dispatch;
    private final TaskOwners tasks = new TaskOwners();
    private final Questions questions;
    private final OpenLink open;

    private LegacyConversation(Link link, Terms terms) {
        this.terms = terms;
        this.link = link;
        this.handshake = new Handshake(terms.server(), terms.offered());
        this.dispatch = new Dispatch(terms, link, this::givenUp);
        this.questions = new Questions(terms, link, dispatch.calls(), tasks);
        this.open = new OpenLink(this, link, dispatch, this::hear);
    }

    /**
     * Opens the link and shakes hands. Fails with a ProblemException (handshake_failed, startup_timeout, process_exited), and the
     * link is closed then. The stage completes on the link's reader thread.
     */
    public static CompletionStage<Conversation> open(Link link, Terms terms) {
        LegacyConversation conversation = new LegacyConversation(link, terms);
        return conversation.open.open(conversation.handshake.request(), terms.handshake(), conversation::tooLate);
    }

    private Problem tooLate() {
        return new Problem(
                Problem.STARTUP_TIMEOUT,
                "Server '" + terms.server() + "' did not answer initialize within "
                        + terms.handshake().toMillis() + " ms.",
                "Look at its error output, or allow it a longer startup_timeout.");
    }

    @Override
    public Peer peer() {
        return open.peer();
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
        return open.silence();
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
        open.close(cause);
    }

    private void hear(Message message) {
        switch (message.kind()) {
            case RESULT, ERROR -> answered(message);
            case NOTIFICATION -> told(message);
            case REQUEST -> asked(message);
        }
    }

    private void answered(Message answer) {
        if (answer.plainId() == Dispatch.OPENING_ID && open.isOpening()) {
            handsShaken(answer);
        } else {
            dispatch.answered(answer, call -> {
                tasks.answered(call, answer);
                questions.answered(call, answer);
            });
        }
    }

    private void handsShaken(Message answer) {
        Peer peer;
        try {
            peer = handshake.peer(answer);
        } catch (ProblemException e) {
            end(e.problem());
            return;
        }
        if (open.know(peer)) {
            // only now: a server that reads both at once may not have stored our capabilities when it acts on the
            // second
            link.send(Message.notification(Method.INITIALIZED, ""));
            open.complete();
        }
    }

    private void told(Message notification) {
        switch (notification.method()) {
            case Method.PROGRESS -> dispatch.progressed(notification, questions::progressed);
            case Method.LOG ->
                questions
                        .logReader(notification)
                        .ifPresentOrElse(a -> a.tell(notification), () -> logged(notification));
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
        if (dispatch.calls().isQuiet() && Meta.relatedTask(notification).isEmpty()) {
            terms.listener().onNotification(notification);
        } else {
            dispatch.stray();
        }
    }

    private void asked(Message question) {
        if (open.isOpening() && !question.method().equals(Method.PING)) {
            link.send(Message.error(
                    question.id(), RpcError.of(RpcError.INVALID_REQUEST, "Not before initialize was answered")));
            return;
        }
        questions.asked(question);
    }
}

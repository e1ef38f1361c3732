package org.mcpservermanager.conversation;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.mcpservermanager.protocol.Era;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Meta;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.transport.Link;

/**
 * MCP by the revision 2026-07-28. Requests of modern clients pass as they are but for id and progress token;
 * {@link LegacyClients} translates those of others. Answers complete on the link's reader thread.
 */
public final class ModernConversation implements Conversation {
    /** How long a server may be silent before it is taken for one that does not know {@code server/discover}. */
    public static final Duration SILENCE_MAX = Duration.ofSeconds(5);

    private final Terms terms;
    private final Link link;
    private final Discovery discovery;
    private final Dispatch dispatch;
    private final Subscriptions subscriptions;
    private final Listening listening;
    private final LegacyClients legacyClients;
    private final OpenLink open;

    private ModernConversation(Link link, Terms terms) {
        this.terms = terms;
        this.link = link;
        this.discovery = new Discovery(terms.server(), terms.offered());
        this.dispatch = new Dispatch(terms, link, (call, reason) -> {});
        this.subscriptions = new Subscriptions(terms, link, dispatch);
        this.listening = new Listening(terms, subscriptions);
        this.legacyClients = new LegacyClients(terms, dispatch, subscriptions, listening);
        this.open = new OpenLink(this, link, dispatch, this::hear);
    }

    /** As {@link #open(Link, Terms, Duration)}, for a server of which nobody knows what it speaks. */
    public static CompletionStage<Conversation> open(Link link, Terms terms) {
        return open(link, terms, SILENCE_MAX);
    }

    /**
     * Opens the link and asks {@code server/discover}. Fails with a ProblemException, and the link is closed then: not_modern (it
     * may be a legacy server), handshake_failed (it is modern, but not ours), process_exited; a server that says nothing is
     * not_modern after {@code silence}, but where that is as long as the handshake may take anyway, it is startup_timeout.
     */
    public static CompletionStage<Conversation> open(Link link, Terms terms, Duration silence) {
        ModernConversation conversation = new ModernConversation(link, terms);
        Duration limit = silence.compareTo(terms.handshake()) < 0 ? silence : terms.handshake();
        return conversation.open.open(
                conversation.discovery.request(), limit, () -> conversation.wasSilent(limit, silence));
    }

    private Problem wasSilent(Duration waited, Duration silence) {
        String how = "did not answer server/discover within " + waited.toMillis() + " ms";
        return waited.equals(silence) && silence.compareTo(terms.handshake()) < 0
                ? discovery.notModern(how).problem()
                : new Problem(
                        Problem.STARTUP_TIMEOUT,
                        "Server '" + terms.server() + "' " + how + ".",
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

    /** Messages that belong to nothing that is open. */
    public long strays() {
        return dispatch.strays();
    }

    @Override
    public Call begin(Exchange exchange) {
        if (exchange.client().profile().era() == Era.LEGACY) {
            return legacyClients.begin(exchange);
        }
        return exchange.request().method().equals(Method.SUBSCRIPTIONS_LISTEN)
                ? subscriptions.begin(exchange)
                : dispatch.begin(exchange);
    }

    /** A stateless server has no use for the notifications of a session; those of a modern client say so in {@code _meta}. */
    @Override
    public void tell(Message notification) {
        boolean isModern = !JsonText.member(notification.rawParam("_meta"), Meta.PROTOCOL_VERSION)
                .isEmpty();
        if (isModern && !notification.method().equals(Method.CANCELLED)) {
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
        dispatch.failAll(cause);
        subscriptions.failAll(cause);
        open.close(cause);
    }

    private void hear(Message message) {
        switch (message.kind()) {
            case RESULT, ERROR -> answered(message);
            case NOTIFICATION -> told(message);
            // a modern server must not ask, and we must not answer (basic/transports/stdio)
            case REQUEST -> dispatch.stray();
        }
    }

    private void answered(Message answer) {
        boolean isOpening =
                open.isOpening() && (answer.plainId() == Dispatch.OPENING_ID || answer.kind() == Message.Kind.ERROR);
        if (isOpening) {
            discovered(answer);
        } else if (!subscriptions.answered(answer)) {
            dispatch.answered(answer);
        }
    }

    private void discovered(Message answer) {
        Peer peer;
        try {
            peer = discovery.peer(answer);
        } catch (ProblemException e) {
            end(e.problem());
            return;
        }
        if (open.know(peer)) {
            legacyClients.opened(peer);
            open.complete();
            listening.opened(peer);
        }
    }

    private void told(Message notification) {
        if (notification.method().equals(Method.PROGRESS)) {
            dispatch.progressed(notification);
        } else if (notification.method().equals(Method.LOG)) {
            logReader().ifPresentOrElse(call -> call.exchange().tell(notification), dispatch::stray);
        } else if (!subscriptions.told(notification)) {
            terms.listener().onNotification(notification);
        }
    }

    /** A log names no call: it is for one that asked for logs, when all that did are one client's. */
    private Optional<OpenCall> logReader() {
        List<OpenCall> askers =
                dispatch.calls().all().stream().filter(OpenCall::wantsLogs).toList();
        boolean certain =
                askers.stream().map(call -> call.exchange().client()).distinct().count() == 1;
        return certain ? askers.stream().max(Comparator.comparing(OpenCall::id)) : Optional.empty();
    }
}

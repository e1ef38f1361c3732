package org.mcpservermanager.gateway;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;

/** A request that a client POSTed. Losing the connection does not cancel it: legacy clients cancel by a notification. */
final class Posted implements Exchange {
    private static final Call OVER = reason -> {};
    private static final Call CANCELLED = reason -> {};

    private final Session session;
    private final Message request;
    private final Outlet outlet;
    private final AtomicReference<Call> call = new AtomicReference<>(Call.DONE);

    Posted(Session session, Message request, Outlet outlet) {
        this.session = session;
        this.request = request;
        this.outlet = outlet;
    }

    /** The request was sent; it may be over already, or cancelled meanwhile. */
    void begun(Call sent) {
        if (!call.compareAndSet(Call.DONE, sent) && call.get() == CANCELLED) {
            sent.cancel("cancelled by the client");
        }
    }

    /**
     * Ends the call without the server. The client gets an error although it expects no response to what it cancelled: HTTP wants
     * an answer, and a client that resumes broken streams would ask for this one for ever.
     */
    void cancel(String reason) {
        Call running = call.getAndUpdate(current -> current == OVER ? OVER : CANCELLED);
        if (running == OVER || running == CANCELLED) {
            return;
        }
        running.cancel(reason);
        session.questions().abandon(this);
        finish(Message.error(request.id(), RpcError.of(RpcError.INTERNAL_ERROR, "Request cancelled: " + reason)));
    }

    @Override
    public Message request() {
        return request;
    }

    @Override
    public Client client() {
        return session.client();
    }

    @Override
    public void tell(Message notification) {
        if (notification.method().equals(Method.CANCELLED)) {
            session.questions().withdraw(notification, this).ifPresent(this::deliver);
        } else {
            outlet.push(notification);
        }
    }

    @Override
    public CompletionStage<Message> ask(Message question) {
        return session.questions().ask(question, this, true, this::deliver);
    }

    /** A server asks about the session too, and nothing says so: such a question may come when the call is just over. */
    private boolean deliver(Message message) {
        return outlet.push(message) || session.deliverOutsideCalls(message);
    }

    /** A question that belongs to no call but travels on this one's stream. */
    boolean carry(Message question) {
        return outlet.push(question);
    }

    @Override
    public void complete(Message response) {
        Call before = call.getAndUpdate(current -> current == CANCELLED ? CANCELLED : OVER);
        if (before != OVER && before != CANCELLED) {
            if (response.kind() == Message.Kind.RESULT) {
                session.granted(request);
            }
            finish(response);
        }
    }

    /** Its questions stay open: a server that answers before it is answered asked for another reason than this call. */
    private void finish(Message response) {
        session.over(this);
        outlet.respond(response);
    }
}

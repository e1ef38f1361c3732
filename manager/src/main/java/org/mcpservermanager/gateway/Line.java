package org.mcpservermanager.gateway;

import java.util.function.Consumer;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.Problem;

/** A connection on which a client hears everything, answers too; its session begins with the initialize that comes for it. */
final class Line {
    private final Incoming opened;
    private final Sink sink;
    private final Opening opening;
    private final Consumer<Session> onLost;
    private Session session; // guarded by this; null before initialize is answered
    private boolean initializing; // guarded by this
    private boolean lost; // guarded by this

    /**
     * @param opened the request that opened it, with the id that its session will have
     * @param onLost told when the connection is over and there is a session
     */
    Line(Incoming opened, Sink sink, Opening opening, Consumer<Session> onLost) {
        this.opened = opened;
        this.sink = sink;
        this.opening = opening;
        this.onLost = onLost;
    }

    /** To be called once, when it can be found. */
    void watch() {
        sink.onClose(this::lose);
    }

    boolean isOf(Incoming request) {
        return opened.caller().equals(request.caller())
                && opened.server().equals(request.server())
                && opened.scope().equals(request.scope());
    }

    synchronized boolean hasSession() {
        return session != null;
    }

    void receive(Message message) {
        Session known;
        synchronized (this) {
            known = session;
        }
        if (known != null) {
            receive(known, message);
        } else if (message.kind() == Message.Kind.REQUEST) {
            first(message);
        } // there is nothing yet that other messages could be about
    }

    static void receive(Session session, Message message) {
        session.touch();
        if (message.kind() == Message.Kind.REQUEST) {
            Inbound.begin(session, message, Outlet.intoStandalone(session.log()));
        } else {
            Inbound.take(session, message);
        }
    }

    private void first(Message request) {
        if (request.method().equals(Method.PING)) {
            send(Message.result(request.id(), "{}"));
        } else if (!request.method().equals(Method.INITIALIZE) || !begin()) {
            send(Message.error(
                    request.id(),
                    RpcError.of(
                            RpcError.INVALID_REQUEST, "The first request must be initialize, and be answered first")));
        } else {
            initialize(request);
        }
    }

    private void initialize(Message request) {
        try {
            opening.initialize(opened, request, new LineDoor(request.id()));
        } catch (Refused refused) {
            mayTryAgain();
            sink.send("", refused.answer().body());
        }
    }

    private synchronized boolean begin() {
        boolean first = !initializing;
        initializing = true;
        return first;
    }

    private synchronized void mayTryAgain() {
        initializing = false;
    }

    private void send(Message message) {
        sink.send("", message.bytes());
    }

    void end() {
        sink.end();
    }

    private void lose() {
        Session known;
        synchronized (this) {
            lost = true;
            known = session;
        }
        if (known != null) {
            onLost.accept(known);
        }
    }

    private final class LineDoor implements Opening.Door {
        private final String request;

        private LineDoor(String request) {
            this.request = request;
        }

        @Override
        public void opened(Session made, Message answer) {
            made.log().standalone().connect(sink);
            boolean late;
            synchronized (Line.this) {
                session = made; // before the answer: the next request may come at once
                late = lost;
            }
            made.log().standalone().send(answer.bytes());
            if (late) {
                onLost.accept(made);
            }
        }

        @Override
        public void refused(Session never, Message error) {
            mayTryAgain();
            send(error);
        }

        @Override
        public void absent(Problem server) {
            mayTryAgain();
            send(Message.error(request, Opening.unavailable(server)));
        }

        @Override
        public void broken(Message error) {
            mayTryAgain();
            send(error);
        }
    }
}

package org.mcpservermanager.gateway;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.server.ServerId;

/** What a client and the gateway know of each other between initialize and DELETE. */
final class Session {
    private final String id;
    private final String owner;
    private final Optional<ServerId> server;
    private final Front front;
    private final Profile profile;
    private final EventLog log;
    private final Questions questions;
    private final int callsMax;
    private final Consumer<Session> onChange;
    private final Map<String, Posted> calls = new ConcurrentHashMap<>();
    private final Client client = new Face();
    private volatile Target target; // written once, before the session can be found
    private volatile String version = Revisions.LATEST_LEGACY; // likewise
    private volatile long lastUsed = System.nanoTime();
    private volatile boolean closed; // written by close alone
    private final AtomicReference<SessionWishes> wishes = new AtomicReference<>(SessionWishes.NONE);
    private volatile long keptMillis; // when it was last written down; of two writers either may win

    /**
     * Where a session comes from.
     *
     * @param owner the caller it is bound to: nobody else may use it, knowing the id is no credential
     * @param server whose endpoint it belongs to; empty for the aggregate
     */
    record Origin(String id, String owner, Optional<ServerId> server, Front front, Profile profile) {}

    /** @param onChange told when its state differs from what was written down */
    Session(Origin origin, EventLog log, Questions questions, int callsMax, Consumer<Session> onChange) {
        this.id = origin.id();
        this.owner = origin.owner();
        this.server = origin.server();
        this.front = origin.front();
        this.profile = origin.profile();
        this.log = log;
        this.questions = questions;
        this.callsMax = callsMax;
        this.onChange = onChange;
    }

    /** What the registry of a session's calls says to a new one. */
    enum Admission {
        ADMITTED,
        ID_IN_USE,
        TOO_MANY
    }

    void aim(Target at) {
        target = at;
    }

    void agreeOn(String revision) {
        version = revision;
    }

    /** Goes on where an earlier manager left off; false when nothing stands behind it any more. */
    boolean resume(SessionWishes before) {
        wishes.set(before);
        return target.resume(before);
    }

    SessionState state() {
        return new SessionState(owner, server, front, profile, version, wishes.get());
    }

    /** The server did what the request asks for; some requests ask for what outlives them. */
    void granted(Message request) {
        SessionWishes before = wishes.getAndUpdate(known -> known.after(request, target));
        if (!before.equals(wishes.get())) {
            onChange.accept(this);
        }
    }

    void kept(long atMillis) {
        keptMillis = atMillis;
    }

    long keptMillis() {
        return keptMillis;
    }

    String id() {
        return id;
    }

    Optional<ServerId> server() {
        return server;
    }

    Front front() {
        return front;
    }

    String owner() {
        return owner;
    }

    String version() {
        return version;
    }

    Client client() {
        return client;
    }

    Target target() {
        return target;
    }

    Questions questions() {
        return questions;
    }

    EventLog log() {
        return log;
    }

    boolean belongsTo(Incoming request) {
        return owner.equals(request.caller()) && server.equals(request.server()) && front == request.front();
    }

    void touch() {
        lastUsed = System.nanoTime();
    }

    long idleNanos() {
        return System.nanoTime() - lastUsed;
    }

    boolean isBusy() {
        return !calls.isEmpty() || log.hasOpenStream();
    }

    Admission admit(Posted call) {
        if (calls.size() >= callsMax) {
            return Admission.TOO_MANY;
        }
        return calls.putIfAbsent(call.request().id(), call) == null ? Admission.ADMITTED : Admission.ID_IN_USE;
    }

    void over(Posted call) {
        calls.remove(call.request().id(), call);
        touch();
    }

    void cancel(String rawId, String reason) {
        Posted call = calls.get(rawId);
        if (call != null) {
            call.cancel(reason);
        }
    }

    /** False when the client has no stream open for it. */
    boolean deliverOutsideCalls(Message message) {
        boolean connected = log.standalone().isConnected();
        if (connected) {
            log.standalone().send(message.bytes());
        }
        return connected;
    }

    boolean isClosed() {
        return closed;
    }

    /** Ends everything of this session; idempotent. */
    void close(String reason) {
        closed = true;
        calls.values().forEach(call -> call.cancel(reason));
        questions.close();
        log.endAll();
        target.close();
    }

    /** Outside of calls, what servers say travels on the GET stream, and waits (bounded) for one. */
    private final class Face implements Client {
        @Override
        public Profile profile() {
            return profile;
        }

        @Override
        public boolean isGone() {
            return closed;
        }

        @Override
        public void tell(Message notification) {
            if (notification.method().equals(Method.CANCELLED)) {
                questions.withdraw(notification, Session.this).ifPresent(this::deliver);
            } else if (target.relays(notification)) {
                deliver(notification);
            }
        }

        @Override
        public CompletionStage<Message> ask(Message question) {
            boolean connected = log.standalone().isConnected() || !calls.isEmpty();
            return questions.ask(question, Session.this, connected, this::deliverQuestion);
        }

        private boolean deliverQuestion(Message question) {
            if (log.standalone().isConnected() || calls.values().stream().noneMatch(call -> call.carry(question))) {
                deliver(question);
            }
            return true;
        }

        private void deliver(Message message) {
            log.standalone().send(message.bytes());
        }
    }
}

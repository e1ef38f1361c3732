package org.mcpservermanager.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Collectors;
import org.mcpservermanager.protocol.MalformedMessage;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Problem;

/**
 * Messages to and from a server in this JVM. The server's code runs on threads of the link alone, and what it sends is taken on by the
 * manager's threads, so that neither can hold up the other.
 */
public final class InJvmLink implements NetworkLink {
    public static final int REQUESTS_MAX = 16;
    private static final int UNDER_WAY_MAX = 256;

    /** The server's end. */
    public interface Peer {
        /** A thrown thing is the end of the link. */
        void handle(Message message) throws Exception;

        /** Names what was thrown. */
        Problem broken(Message at, Throwable thrown);
    }

    private final Peer peer;
    private final Lane requests;
    private final Lane notifications;
    private final Lane answers;
    private final Turns turns;
    private final Budget budget = new Budget();
    private final Semaphore room = new Semaphore(UNDER_WAY_MAX);
    private final Queue<Message> waiting = new ArrayDeque<>(); // guarded by waiting
    private boolean gated; // guarded by waiting: a notification is being handled, what came after it waits
    private final Ending ending = new Ending();
    private volatile Receiver receiver;

    /** @param executor runs what the server sends */
    public InJvmLink(Peer peer, ThreadFactory threads, Executor executor) {
        this.peer = peer;
        this.requests = new Lane(REQUESTS_MAX, threads);
        this.notifications = new Lane(1, threads);
        this.answers = new Lane(1, threads);
        this.turns = new Turns(executor);
    }

    @Override
    public void open(Receiver opened) {
        receiver = opened;
        turns.begin();
    }

    @Override
    public boolean send(Message message) {
        synchronized (waiting) {
            if (ending.hasCome() || !budget.take(message.length())) {
                return false;
            }
            waiting.add(message);
        }
        handOver();
        return true;
    }

    /** In a lock, as the order counts; nothing in it waits. */
    private void handOver() {
        Problem failure = null;
        synchronized (waiting) {
            try {
                for (Message next = next(); next != null; next = next()) {
                    Message handed = next;
                    gated = gated || handed.kind() == Message.Kind.NOTIFICATION;
                    lane(handed).execute(() -> handle(handed));
                }
            } catch (RejectedExecutionException ended) {
                waiting.clear();
            } catch (OutOfMemoryError threadless) {
                failure = new Problem(
                        Problem.HOST_EXHAUSTED,
                        "no thread for a custom server: " + threadless,
                        "Raise the limit of processes (threads count), or the memory of the application server.");
            }
        }
        if (failure != null) {
            fail(failure);
        }
    }

    /** While a notification is being handled, only answers: whoever handles it may wait for one. Null when there is none. */
    private Message next() {
        if (!gated) {
            return waiting.poll();
        }
        Message answer =
                waiting.stream().filter(Message::isResponse).findFirst().orElse(null);
        waiting.remove(answer);
        return answer;
    }

    private Lane lane(Message message) {
        return switch (message.kind()) {
            case REQUEST -> requests;
            case NOTIFICATION -> notifications;
            case RESULT, ERROR -> answers;
        };
    }

    private void handle(Message message) {
        try {
            if (!ending.hasCome()) {
                peer.handle(message);
            }
        } catch (Throwable thrown) {
            // whatever it is, it is the server's, and ends the server alone
            fail(peer.broken(message, thrown));
        } finally {
            budget.give(message.length());
            if (message.kind() == Message.Kind.NOTIFICATION) {
                synchronized (waiting) {
                    gated = false;
                }
                handOver();
            }
        }
    }

    /**
     * What the server sends; waits for room.
     *
     * @return false when the link is over, or the thread was interrupted
     */
    public boolean receive(String text) {
        Message message = parsed(text);
        try {
            if (ending.hasCome()) {
                return false;
            }
            room.acquire();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
        if (ending.hasCome()) {
            room.release();
            return false;
        }
        turns.add(() -> {
            room.release();
            if (!ending.hasCome()) {
                receiver.onMessage(message);
            }
        });
        return true;
    }

    private static Message parsed(String text) {
        byte[] utf8 = text.getBytes(UTF_8);
        if (utf8.length > StdioLink.LINE_LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "a message of " + utf8.length + " bytes (expected: at most " + StdioLink.LINE_LENGTH_MAX + ")");
        }
        try {
            return Message.parse(utf8);
        } catch (MalformedMessage e) {
            throw new IllegalArgumentException("no JSON-RPC message: " + e.getMessage(), e);
        }
    }

    /** A task of the server beside its messages, on the threads for requests. */
    public Lane requests() {
        return requests;
    }

    public void fail(Problem cause) {
        if (ending.fail(cause)) {
            end();
        }
    }

    /** What was not handed over never is; what is being handled goes on. */
    @Override
    public void close() {
        if (ending.close()) {
            end();
        }
    }

    private void end() {
        synchronized (waiting) {
            waiting.clear();
        }
        lanes().forEach(Lane::shutdown);
        room.release(Integer.MAX_VALUE / 2);
        turns.add(() -> receiver.onClosed(ending.reason()));
    }

    private List<Lane> lanes() {
        return List.of(requests, notifications, answers);
    }

    /** For those that handle something still. */
    public void interrupt() {
        lanes().forEach(Lane::interrupt);
    }

    /** Where they are; empty when none is left. */
    public String whereabouts() {
        return lanes().stream()
                .map(Lane::whereabouts)
                .filter(where -> !where.isEmpty())
                .collect(Collectors.joining("; "));
    }

    @Override
    public Optional<Problem> problem() {
        return ending.problem();
    }

    /** Completes when it was closed and nothing of the server's code runs on its threads. */
    @Override
    public CompletableFuture<Void> gone() {
        return CompletableFuture.allOf(requests.ended(), notifications.ended(), answers.ended());
    }
}

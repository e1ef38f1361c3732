package org.mcpservermanager.conversation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.mcpservermanager.protocol.Method;

/**
 * The calls of one conversation by our id. A call that nobody waits for any more is remembered until the server answers it
 * or it would have been overdue anyway: while the server may still work on it, a question is nobody else's for certain.
 */
final class OpenCalls {
    static final int ABANDONED_MAX = 1024;
    private static final Duration LOGS_AFTER_CANCEL = Duration.ofSeconds(2);
    private static final Duration ASKS_AFTER_CANCEL = Duration.ofSeconds(10);

    private final Map<Long, OpenCall> open = new ConcurrentHashMap<>();
    private final Map<Long, OpenCall> abandoned = new ConcurrentHashMap<>();

    private final Queue<CompletableFuture<Void>> waiting = new ConcurrentLinkedQueue<>();

    /** Completes as soon as no call is open. */
    CompletableFuture<Void> idle() {
        CompletableFuture<Void> idle = new CompletableFuture<>();
        waiting.add(idle);
        tellIfIdle();
        return idle;
    }

    private void tellIfIdle() {
        if (open.isEmpty()) {
            for (CompletableFuture<Void> next = waiting.poll(); next != null; next = waiting.poll()) {
                next.complete(null);
            }
        }
    }

    void add(OpenCall call) {
        open.put(call.id(), call);
    }

    /** Takes the call out for its one outcome; empty when it had one before, or never was. */
    Optional<OpenCall> take(long id) {
        Optional<OpenCall> taken = Optional.ofNullable(open.remove(id));
        tellIfIdle();
        return taken;
    }

    boolean take(OpenCall call) {
        boolean taken = open.remove(call.id(), call);
        tellIfIdle();
        return taken;
    }

    /** As take, but the server may still be at it. */
    boolean abandon(OpenCall call) {
        if (!call.giveUp()) {
            return false;
        }
        // in this order, so that a question asked meanwhile sees the call in at least one place
        abandoned.put(call.id(), call);
        if (!take(call)) {
            abandoned.remove(call.id());
            return false;
        }
        long now = System.nanoTime();
        abandoned.values().removeIf(old -> old.isOutOfDate(now));
        if (abandoned.size() > ABANDONED_MAX) {
            abandoned.keySet().stream().min(Comparator.naturalOrder()).ifPresent(abandoned::remove);
        }
        return true;
    }

    /** The server answered a call that nobody waits for. */
    boolean forget(long id) {
        return abandoned.remove(id) != null;
    }

    Optional<OpenCall> find(long id) {
        return Optional.ofNullable(open.get(id));
    }

    Collection<OpenCall> all() {
        return open.values();
    }

    int count() {
        return open.size();
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** The call that waits for the result of this task: what is about the task is within it. */
    Optional<OpenCall> waitingFor(String task) {
        return task.isEmpty()
                ? Optional.empty()
                : open.values().stream()
                        .filter(call -> call.request().method().equals(Method.TASKS_RESULT)
                                && call.request().param("taskId").equals(task))
                        .max(Comparator.comparing(OpenCall::id));
    }

    /** The latest call within which this client may be asked. */
    Optional<OpenCall> latestOf(Client client) {
        return latest(open.values().stream()
                .filter(call -> call.exchange().client().equals(client))
                .toList());
    }

    /** The latest call within which the sole client may be asked to whom all belongs that the server may be at. */
    Optional<OpenCall> latestOfSoleClient() {
        long now = System.nanoTime();
        Predicate<OpenCall> isSuspect = call -> call.mayAsk() && !call.isOutOfDate(now);
        return soleClient(isSuspect)
                .flatMap(this::latestOf)
                .filter(call -> call.mayAsk() || abandoned.values().stream().noneMatch(isSuspect));
    }

    /**
     * The same for what the server logs, which carries less than a question: servers do not answer what was cancelled, and one
     * cancelled call must not keep the logs of everybody back until it would have been overdue.
     */
    Optional<OpenCall> latestLogged() {
        long now = System.nanoTime();
        return soleClient(call -> call.mayAsk() && call.wasGivenUpWithin(LOGS_AFTER_CANCEL, now))
                .flatMap(this::latestOf);
    }

    /** The call that a question must belong to, because the server can be at no other. */
    Optional<OpenCall> soleAsking() {
        List<OpenCall> asking =
                open.values().stream().filter(OpenCall::mayAsk).limit(2).toList();
        long now = System.nanoTime();
        boolean certain = asking.size() == 1
                && abandoned.values().stream()
                        .noneMatch(call -> call.mayAsk() && call.wasGivenUpWithin(ASKS_AFTER_CANCEL, now));
        return certain ? Optional.of(asking.get(0)) : Optional.empty();
    }

    private Optional<Client> soleClient(Predicate<OpenCall> isSuspect) {
        List<OpenCall> suspects = new ArrayList<>();
        open.values().stream().filter(OpenCall::mayAsk).forEach(suspects::add);
        abandoned.values().stream().filter(isSuspect).forEach(suspects::add);
        if (suspects.isEmpty()) {
            suspects.addAll(open.values());
        }
        List<Client> clients = suspects.stream()
                .map(call -> call.exchange().client())
                .distinct()
                .toList();
        return clients.size() == 1 ? Optional.of(clients.get(0)) : Optional.empty();
    }

    /** Whether nothing says that the server might be at work for a client. */
    boolean isQuiet() {
        long now = System.nanoTime();
        return open.isEmpty()
                && abandoned.values().stream().noneMatch(call -> call.wasGivenUpWithin(LOGS_AFTER_CANCEL, now));
    }

    private static Optional<OpenCall> latest(List<OpenCall> calls) {
        return calls.stream().max(Comparator.comparing(OpenCall::mayAsk).thenComparing(OpenCall::id));
    }
}

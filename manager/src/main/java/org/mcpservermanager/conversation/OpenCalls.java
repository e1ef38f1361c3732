package org.mcpservermanager.conversation;

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

/**
 * The calls of one conversation by our id. A call that nobody waits for any more is remembered until the server answers it
 * or it would have been overdue anyway: while the server may still work on it, a question is nobody else's for certain.
 */
final class OpenCalls {
    static final int ABANDONED_MAX = 1024;

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

    /** The latest call within which this client may be asked. */
    Optional<OpenCall> latestOf(Client client) {
        return latest(open.values().stream()
                .filter(call -> call.exchange().client().equals(client))
                .toList());
    }

    /** The latest call when all that the server may be at is one client's. */
    Optional<OpenCall> latestOfSoleClient() {
        List<OpenCall> asking = new ArrayList<>();
        open.values().stream().filter(OpenCall::mayAsk).forEach(asking::add);
        List<OpenCall> suspects = new ArrayList<>(asking);
        long now = System.nanoTime();
        abandoned.values().stream()
                .filter(call -> call.mayAsk() && !call.isOutOfDate(now))
                .forEach(suspects::add);
        if (suspects.isEmpty()) {
            asking.addAll(open.values());
            suspects = asking;
        }
        long clients = suspects.stream()
                .map(call -> call.exchange().client())
                .distinct()
                .count();
        return clients == 1 ? latest(asking) : Optional.empty();
    }

    private static Optional<OpenCall> latest(List<OpenCall> calls) {
        return calls.stream().max(Comparator.comparing(OpenCall::mayAsk).thenComparing(OpenCall::id));
    }
}

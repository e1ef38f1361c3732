package org.mcpservermanager.gateway;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;

/** What servers asked the client of one session and it has not answered yet. Ids are ours, unique in the session. */
final class Questions {
    private final GatewaySettings.Questions limits;
    private final ScheduledExecutorService timer;
    private final AtomicLong asked = new AtomicLong();
    private final Map<String, Open> open = new ConcurrentHashMap<>();
    private volatile boolean closed; // once true, nothing is added for long: ask looks again after adding

    Questions(GatewaySettings.Questions limits, ScheduledExecutorService timer) {
        this.limits = limits;
        this.timer = timer;
    }

    /** One question; {@code scope} is the call it belongs to, or the session. */
    private static final class Open {
        private final Message question;
        private final Object scope;
        private final CompletableFuture<Message> answer = new CompletableFuture<>();
        private volatile Future<?> expiry;

        private Open(Message question, Object scope) {
            this.question = question;
            this.scope = scope;
        }

        private void fail(String why) {
            settle(Message.error(question.id(), RpcError.of(RpcError.INTERNAL_ERROR, why)));
        }

        private void settle(Message response) {
            Future<?> timeout = expiry;
            if (timeout != null) {
                timeout.cancel(false);
            }
            answer.complete(response);
        }
    }

    /** @param deliver sends the re-addressed question; false when it could not even be queued for the client */
    CompletionStage<Message> ask(Message question, Object scope, boolean connected, Predicate<Message> deliver) {
        Open one = new Open(question, scope);
        if (open.size() >= limits.openMax()) {
            one.fail("The client has " + limits.openMax() + " open questions already");
            return one.answer;
        }
        String id = Long.toString(asked.incrementAndGet());
        open.put(id, one);
        Duration patience = connected ? limits.answer() : limits.delivery();
        String late = connected
                ? "The client did not answer within " + patience.toSeconds() + " s"
                : "The client has no open stream to be asked on";
        one.expiry = timer.schedule(() -> fail(id, late), patience.toMillis(), TimeUnit.MILLISECONDS);
        if (closed) {
            fail(id, "The client's session has ended");
        } else if (!deliver.test(question.withId(id))) {
            fail(id, "The client accepts no event stream, so it cannot be asked");
        }
        return one.answer;
    }

    /** Takes the client's answer to its question; false when no such question is open. */
    boolean answer(Message response) {
        Open one = open.remove(response.id());
        if (one == null) {
            return false;
        }
        one.settle(response.withId(one.question.id()));
        return true;
    }

    /** The server withdraws its question: the notification as the client must see it, empty when it is over already. */
    @SuppressWarnings("ModifyCollectionInEnhancedForLoop") // a ConcurrentHashMap, and the loop ends with the removal
    Optional<Message> withdraw(Message cancelled, Object scope) {
        String id = cancelled.rawParam("requestId");
        for (Map.Entry<String, Open> entry : open.entrySet()) {
            Open one = entry.getValue();
            if (one.scope == scope && one.question.id().equals(id) && open.remove(entry.getKey(), one)) {
                one.fail("The question was withdrawn");
                return Optional.of(cancelled.withParam("requestId", entry.getKey()));
            }
        }
        return Optional.empty();
    }

    /** The call is over: its questions need no answer any more. */
    void abandon(Object scope) {
        if (open.isEmpty()) {
            return;
        }
        open.forEach((id, one) -> {
            if (one.scope == scope) {
                fail(id, "The call that asked is over");
            }
        });
    }

    void close() {
        closed = true;
        open.keySet().forEach(id -> fail(id, "The client's session has ended"));
    }

    private void fail(String id, String why) {
        Open one = open.remove(id);
        if (one != null) {
            one.fail(why);
        }
    }
}

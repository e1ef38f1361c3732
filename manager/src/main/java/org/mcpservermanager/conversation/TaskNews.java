package org.mcpservermanager.conversation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;

/**
 * What a modern server says of the tasks of legacy clients: one subscription to all that are not over, whose news are told to the
 * client that made the task. More tasks are another subscription, and the old one ends when the new one was acknowledged. These
 * news are extra: where the server gives none, clients poll.
 */
final class TaskNews implements Subscription.Keeper {
    static final int WATCHED_MAX = 1000;
    private static final long SWEEP_SECONDS = 10;
    private static final long RETRY_MILLIS_MIN = 1000;
    private static final long RETRY_MILLIS_MAX = 60_000;
    private static final String TASK_IDS = "taskIds";
    private static final System.Logger LOG = System.getLogger(TaskNews.class.getName());

    private final Terms terms;
    private final Subscriptions subscriptions;
    private final LegacyTasks tasks;
    /** These are guarded by this. */
    private final Map<String, Owned> watched = new LinkedHashMap<>(); // by id, the eldest first

    private final Set<String> looked = new LinkedHashSet<>(); // asked for since they were subscribed to
    private Subscription acknowledged;
    private Subscription opening;
    private boolean useless; // the server gives none
    private int failures;
    private Future<?> sweep = CompletableFuture.completedFuture(null);

    /** A task and what its client was told of it last. */
    private static final class Owned {
        private final Client client;
        private final LegacyTask task;
        private final AtomicReference<String> told;

        Owned(Client client, LegacyTask task) {
            this.client = client;
            this.task = task;
            this.told = new AtomicReference<>(task.toJson());
        }

        boolean isWanted() {
            return !client.isGone() && !task.isOver() && !task.isOutOfDate();
        }

        void tell() {
            String shown = task.toJson();
            if (!told.getAndSet(shown).equals(shown) && !client.isGone()) {
                client.tell(Message.notification(Method.TASKS_STATUS, shown));
            }
        }
    }

    TaskNews(Terms terms, Subscriptions subscriptions, LegacyTasks tasks) {
        this.terms = terms;
        this.subscriptions = subscriptions;
        this.tasks = tasks;
    }

    /** From now on its client hears of it. */
    void add(Client client, LegacyTask task) {
        synchronized (this) {
            if (useless || task.isOver()) {
                return;
            }
            watched.put(task.id(), new Owned(client, task));
            if (watched.size() > WATCHED_MAX) {
                watched.remove(watched.keySet().iterator().next());
            }
            if (sweep.isDone()) {
                sweep = after(TimeUnit.SECONDS.toMillis(SWEEP_SECONDS), this::sweep);
            }
        }
        renew();
    }

    private Future<?> after(long millis, Runnable action) {
        try {
            return terms.timer().schedule(action, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // the manager shuts down, and the server with it
            LOG.log(System.Logger.Level.DEBUG, "Server '" + terms.server() + "' is not listened to any more", e);
            return CompletableFuture.completedFuture(null);
        }
    }

    /** Clients that are gone do not say so. */
    private void sweep() {
        synchronized (this) {
            watched.values().removeIf(owned -> !owned.isWanted());
            sweep = watched.isEmpty()
                    ? CompletableFuture.completedFuture(null)
                    : after(TimeUnit.SECONDS.toMillis(SWEEP_SECONDS), this::sweep);
        }
        renew();
    }

    /** Opens a subscription that has every task, unless one is being opened, and ends the one that is not needed any more. */
    private void renew() {
        Subscription next = null;
        Subscription old = null;
        synchronized (this) {
            if (opening != null || useless) {
                return;
            }
            if (watched.isEmpty()) {
                old = acknowledged;
                acknowledged = null;
                looked.clear();
            } else if (acknowledged == null || !acknowledged.wanted().names().containsAll(watched.keySet())) {
                next = new Subscription(this, terms, wanted());
                opening = next;
            }
        }
        if (old != null) {
            old.end();
        }
        if (next != null) {
            next.begin(subscriptions);
        }
    }

    /** Guarded by this. */
    private Subscription.Wanted wanted() {
        List<String> ids = watched.keySet().stream().map(JsonText::quote).toList();
        return new Subscription.Wanted(
                0, Set.copyOf(watched.keySet()), "{\"" + TASK_IDS + "\":[" + String.join(",", ids) + "]}");
    }

    @Override
    public Map<String, String> meta() {
        return ModernMeta.withTasks(ModernMeta.of(terms.offered()));
    }

    @Override
    public void acknowledged(Subscription subscription, String granted) {
        Subscription old;
        List<Owned> fresh = new ArrayList<>();
        synchronized (this) {
            if (opening != subscription) {
                return;
            }
            opening = null;
            old = acknowledged;
            acknowledged = subscription;
            failures = 0;
            useless = !granted.startsWith("{")
                    || JsonText.member(granted, TASK_IDS).isEmpty();
            if (useless) {
                watched.clear();
                acknowledged = null;
            }
            watched.forEach((id, owned) -> {
                if (subscription.wanted().names().contains(id) && looked.add(id)) {
                    fresh.add(owned);
                }
            });
            looked.retainAll(watched.keySet());
        }
        if (old != null) {
            old.end();
        }
        if (isUseless()) {
            subscription.end();
            return;
        }
        fresh.forEach(this::look); // what happened before is told to nobody else
        renew();
    }

    private synchronized boolean isUseless() {
        return useless;
    }

    private void look(Owned owned) {
        tasks.send(new Look(owned.client), Method.TASKS_GET, owned.task, "", answer -> {
            if (answer.kind() == Message.Kind.RESULT) {
                owned.task.tell(answer.result());
                heard(owned);
            }
        });
    }

    /** Nobody waits for its outcome but the one that asks. */
    private record Look(Client client) implements Exchange {
        @Override
        public Message request() {
            return Message.request("0", Method.TASKS_GET, "");
        }

        @Override
        public void tell(Message notification) {
            // there is none within it
        }

        @Override
        public void complete(Message response) {
            // the one that asks is told the answer itself
        }
    }

    @Override
    public void told(Message notification) {
        Owned owned;
        synchronized (this) {
            owned = notification.method().equals(Method.TASKS) ? watched.get(notification.param("taskId")) : null;
        }
        if (owned == null) {
            return;
        }
        if (isWhole(notification.params())) {
            owned.task.tell(notification.params());
            heard(owned);
        } else {
            look(owned);
        }
    }

    /** A task that is over has its result, which is asked for no more once the end is known. */
    private static boolean isWhole(String task) {
        return switch (JsonText.member(task, "status")) {
            case "\"" + LegacyTask.COMPLETED + "\"" ->
                !JsonText.member(task, "result").isEmpty();
            case "\"" + LegacyTask.FAILED + "\"" ->
                !JsonText.member(task, "error").isEmpty();
            default -> true;
        };
    }

    private void heard(Owned owned) {
        owned.tell();
        boolean isLast;
        synchronized (this) {
            isLast = !owned.isWanted() && watched.remove(owned.task.id(), owned) && watched.isEmpty();
        }
        if (isLast) {
            renew();
        }
    }

    @Override
    public void ended(Subscription subscription, Optional<RpcError> error) {
        synchronized (this) {
            if (subscription != acknowledged && subscription != opening) {
                return;
            }
            acknowledged = subscription == acknowledged ? null : acknowledged;
            opening = subscription == opening ? null : opening;
            useless = error.filter(TaskNews::isFinal).isPresent();
            if (useless) {
                watched.clear();
            } else if (!watched.isEmpty()) {
                looked.clear();
                after(Math.min(RETRY_MILLIS_MIN << Math.min(failures++, 10), RETRY_MILLIS_MAX), this::renew);
            }
        }
    }

    /** The server will give none however often it is asked, or is gone. */
    private static boolean isFinal(RpcError error) {
        return switch (error.code()) {
            case RpcError.SERVER_UNAVAILABLE,
                    RpcError.METHOD_NOT_FOUND,
                    RpcError.INVALID_PARAMS,
                    RpcError.MISSING_CLIENT_CAPABILITY -> true;
            default -> false;
        };
    }
}

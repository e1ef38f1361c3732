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
import java.util.function.Consumer;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;

/**
 * What legacy clients hear of a modern server outside calls: one subscription for all of them, to the list changes that the
 * server announces and to every watched resource. Another set is another subscription: the old one ends when the new one was
 * acknowledged, so that nothing is missed.
 */
final class Listening implements Subscription.Keeper {
    static final int WATCHED_MAX = 1024;
    private static final System.Logger LOG = System.getLogger(Listening.class.getName());
    private static final Map<String, String> LISTS = Map.of(
            "tools", "toolsListChanged",
            "prompts", "promptsListChanged",
            "resources", "resourcesListChanged");
    private static final long RETRY_MILLIS_MIN = 1000;
    private static final long RETRY_MILLIS_MAX = 60_000;

    private final Terms terms;
    private final Subscriptions subscriptions;
    /** These are guarded by this. */
    private final Map<String, String> filter = new LinkedHashMap<>();

    private final Set<String> watched = new LinkedHashSet<>();
    private final List<Change> waiting = new ArrayList<>();
    private long wanted;
    private int failures;
    private Subscription acknowledged;
    private Subscription opening;

    Listening(Terms terms, Subscriptions subscriptions) {
        this.terms = terms;
        this.subscriptions = subscriptions;
    }

    /** Begins with the list changes, where the server announces any. */
    void opened(Peer peer) {
        synchronized (this) {
            LISTS.forEach((capability, notifications) -> {
                String declared = JsonText.member(peer.capabilities(), capability);
                if (JsonText.member(declared, "listChanged").equals("true")) {
                    filter.put(notifications, "true");
                }
            });
            wanted++;
        }
        renew();
    }

    Change watch(String uri) {
        Change change = new Change(uri);
        synchronized (this) {
            if (watched.contains(uri)
                    && acknowledged != null
                    && acknowledged.wanted().names().contains(uri)) {
                change.done(Optional.empty());
                return change;
            }
            if (watched.size() >= WATCHED_MAX && !watched.contains(uri)) {
                change.done(Optional.of(RpcError.of(
                        RpcError.INTERNAL_ERROR,
                        "Server '" + terms.server() + "' has " + WATCHED_MAX + " resources watched already")));
                return change;
            }
            waits(change, watched.add(uri));
        }
        renew();
        return change;
    }

    Change unwatch(String uri) {
        Change change = new Change("");
        synchronized (this) {
            if (!watched.remove(uri)) {
                change.done(Optional.empty());
                return change;
            }
            waits(change, true);
        }
        renew();
        return change;
    }

    private void waits(Change change, boolean isNew) {
        if (isNew) {
            wanted++;
        }
        change.version = wanted;
        waiting.add(change);
        change.expiry =
                terms.timer().schedule(() -> expire(change), terms.request().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void expire(Change change) {
        synchronized (this) {
            waiting.remove(change);
        }
        change.done(Optional.of(Failures.timeout(terms.server(), terms.request())));
    }

    /** Opens a subscription to what is wanted now, unless one is being opened: that one's acknowledgement comes back here. */
    private void renew() {
        Subscription next;
        synchronized (this) {
            boolean isCurrent = acknowledged != null && acknowledged.wanted().version() == wanted;
            if (opening != null || isCurrent) {
                return;
            }
            next = new Subscription(
                    this, terms, new Subscription.Wanted(wanted, Set.copyOf(watched), JsonText.object(filter())));
            opening = next;
        }
        if (next.wanted().isNothing()) {
            acknowledged(next, "");
        } else {
            next.begin(subscriptions);
        }
    }

    private Map<String, String> filter() {
        Map<String, String> all = new LinkedHashMap<>(filter);
        if (!watched.isEmpty()) {
            List<String> uris = watched.stream().map(JsonText::quote).toList();
            all.put("resourceSubscriptions", "[" + String.join(",", uris) + "]");
        }
        return all;
    }

    @Override
    public Map<String, String> meta() {
        return ModernMeta.of(terms.offered());
    }

    @Override
    public void told(Message notification) {
        terms.listener().onNotification(notification);
    }

    @Override
    public void acknowledged(Subscription subscription, String granted) {
        Subscription old;
        List<Change> done;
        synchronized (this) {
            if (opening != subscription) {
                return;
            }
            opening = null;
            old = acknowledged;
            acknowledged = subscription;
            failures = 0;
            done = takeUpTo(subscription.wanted().version());
        }
        if (old != null) {
            old.end();
        }
        done.forEach(change -> change.done(Optional.empty()));
        renew();
    }

    private List<Change> takeUpTo(long version) {
        List<Change> done =
                waiting.stream().filter(change -> change.version <= version).toList();
        waiting.removeAll(done);
        return done;
    }

    /** The server ended the subscription, or did not take it. */
    @Override
    public void ended(Subscription subscription, Optional<RpcError> error) {
        boolean isGone =
                error.filter(e -> e.code() == RpcError.SERVER_UNAVAILABLE).isPresent();
        List<Change> done;
        long delay;
        synchronized (this) {
            if (subscription != acknowledged && subscription != opening) {
                return;
            }
            acknowledged = subscription == acknowledged ? null : acknowledged;
            opening = subscription == opening ? null : opening;
            done = error.isPresent()
                    ? takeUpTo(isGone ? Long.MAX_VALUE : subscription.wanted().version())
                    : List.of();
            done.forEach(change -> watched.remove(change.uri));
            delay = Math.min(RETRY_MILLIS_MIN << Math.min(failures++, 10), RETRY_MILLIS_MAX);
        }
        done.forEach(change -> change.done(error));
        if (error.filter(e -> e.code() == RpcError.METHOD_NOT_FOUND).isPresent()) {
            LOG.log(System.Logger.Level.INFO, "Server '" + terms.server() + "' takes no subscriptions");
        } else if (!isGone) {
            again(delay);
        }
    }

    private void again(long delayMillis) {
        try {
            Future<?> unused = terms.timer().schedule(this::renew, delayMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // the manager shuts down, and the server with it
            LOG.log(System.Logger.Level.DEBUG, "Server '" + terms.server() + "' is not listened to any more", e);
        }
    }

    /** A change of what is listened to, on its way. */
    static final class Change {
        private final String uri;
        private final CompletableFuture<Optional<RpcError>> outcome = new CompletableFuture<>();
        private long version; // guarded by Listening.this
        private Future<?> expiry = CompletableFuture.completedFuture(null); // written before it is shared

        private Change(String uri) {
            this.uri = uri;
        }

        private void done(Optional<RpcError> refusal) {
            expiry.cancel(false);
            outcome.complete(refusal);
        }

        /** Told once, with why it was refused. */
        void whenDone(Consumer<Optional<RpcError>> then) {
            outcome.thenAccept(then);
        }

        /** Nobody waits any more. */
        void forget() {
            outcome.cancel(false);
        }
    }
}

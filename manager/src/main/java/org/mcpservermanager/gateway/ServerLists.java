package org.mcpservermanager.gateway;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.conversation.Peer;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.routing.Router;
import org.mcpservermanager.server.ServerId;

/** The lists of one server, and the work of keeping them current. Guarded by this; nothing is called while holding it. */
final class ServerLists {
    private static final Logger LOG = Logger.getLogger(ServerLists.class.getName());
    private static final int RETRIES_MAX = 5;
    /** How long a copy that was started for its lists may still say that they changed. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final ServerId server;
    private final World world;
    private final Watcher watcher;
    private final Loan loan;
    private final KnownLists known = new KnownLists();
    private final Map<ListKind, Refresh> refreshes = new EnumMap<>(ListKind.class);
    private boolean shown;
    private boolean attached;
    private long activity;
    private boolean closed;
    private boolean returning; // the copy will be borrowed again

    /**
     * @param profile whose lists these are
     * @param loans shared by all readers
     * @param onChanged is told when a list is not what it was
     */
    record World(
            Router router,
            Profile profile,
            ScheduledExecutorService timer,
            GatewaySettings.Catalogue limits,
            Loans loans,
            Consumer<ListKind> onChanged) {
        World onChanged(Consumer<ListKind> listener) {
            return new World(router, profile, timer, limits, loans, listener);
        }

        World of(Profile other) {
            return new World(router, other, timer, limits, loans, onChanged);
        }
    }

    ServerLists(ServerId server, World world) {
        this.server = server;
        this.world = world;
        this.watcher = new Watcher(world.profile(), this::onNotification);
        this.loan = new Loan(world.router(), server, watcher, world.loans());
        for (ListKind kind : ListKind.values()) {
            refreshes.put(kind, new Refresh(world.limits().interval()));
        }
    }

    ServerId server() {
        return server;
    }

    synchronized boolean isShown() {
        return shown;
    }

    synchronized List<Offer> offers(ListKind kind) {
        return known.offers(kind);
    }

    /** Whether the list is the server's, and not just empty because nobody asked yet. */
    synchronized boolean hasRead(ListKind kind) {
        return known.hasRead(kind);
    }

    /** Whether the tool says of itself that running twice does no harm. */
    synchronized boolean isHarmless(String tool) {
        return known.isHarmless(tool);
    }

    /** Whether its tools may be called as tasks. */
    synchronized boolean hasTasks() {
        return known.hasTasks();
    }

    void onRunning() {
        attach(1);
    }

    /** Down again already is no trouble: the next start comes here again. But a server that runs must not stay out for a hiccup. */
    private void attach(int attempt) {
        loan.begin().whenComplete((peer, failure) -> {
            if (failure == null) {
                onAttached(peer);
                return;
            }
            loan.end();
            if (attempt < RETRIES_MAX && !isClosed()) {
                later(() -> attach(attempt + 1), world.limits().interval().toNanos() << attempt);
            } else {
                LOG.log(Level.INFO, failure, () -> "lists of server " + server + " not read");
            }
        });
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** @return false when it was hidden already */
    synchronized boolean hide() {
        boolean before = shown;
        shown = false;
        return before;
    }

    void close() {
        synchronized (this) {
            closed = true;
            shown = false;
        }
        watcher.leave();
        loan.end();
    }

    void refresh(ListKind kind) {
        long delay;
        synchronized (this) {
            if (closed || !shown) {
                return;
            }
            if (!attached || loan.isOverlong()) {
                comeBackLater();
                return;
            }
            activity++;
            Refresh state = refreshes.get(kind);
            if (!state.begin()) {
                return;
            }
            delay = Math.max(0, state.delayNanos());
        }
        fetchAfter(kind, delay);
    }

    /** Guarded by this. */
    private void comeBackLater() {
        if (!returning) {
            returning = true;
            later(this::comeBack, loan.pauseNanos());
        }
    }

    private void comeBack() {
        synchronized (this) {
            returning = false;
        }
        attach(1);
    }

    private void onAttached(Peer peer) {
        boolean late;
        synchronized (this) {
            late = closed;
        }
        if (late) {
            loan.end(); // it was closed meanwhile
            return;
        }
        synchronized (this) {
            known.capabilitiesAre(peer.capabilities());
            shown = true;
            attached = true;
            refreshes.values().forEach(Refresh::succeeded);
        }
        for (ListKind kind : ListKind.values()) {
            world.onChanged().accept(kind); // what is known from the last run counts until it is read again
            refresh(kind);
        }
    }

    /** Only of the copy that is there: what a departing one still says must not start the next. */
    private void onNotification(String method) {
        boolean here;
        synchronized (this) {
            here = attached;
        }
        if (here) {
            ListKind.changedBy(method).forEach(this::refresh);
        }
    }

    private void fetchAfter(ListKind kind, long delayNanos) {
        if (delayNanos == 0) {
            fetch(kind);
            return;
        }
        later(() -> fetch(kind), delayNanos);
    }

    private void later(Runnable task, long delayNanos) {
        try {
            world.timer().schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException shutDown) {
            LOG.fine(() -> "lists of server " + server + " not read, the timer has ended");
        }
    }

    private void fetch(ListKind kind) {
        boolean offered;
        synchronized (this) {
            Refresh state = refreshes.get(kind);
            if (closed || !shown) {
                state.ended(false); // it went down while this waited, and is read when it is back
                return;
            }
            state.begun();
            offered = known.isOffered(kind);
        }
        if (!offered) {
            onFetched(kind, List.of());
            return;
        }
        new ListFetch(world.router(), watcher, server, kind, world.limits())
                .start()
                .whenComplete((list, failure) -> {
                    if (failure == null) {
                        onFetched(kind, List.copyOf(list));
                    } else {
                        onFailed(kind, failure);
                    }
                });
    }

    private void onFetched(ListKind kind, List<Offer> list) {
        boolean changed;
        synchronized (this) {
            changed = known.take(kind, list);
            refreshes.get(kind).succeeded();
        }
        if (changed) {
            world.onChanged().accept(kind);
        }
        next(kind, false);
    }

    /** The list stays as it was; a server that runs but cannot answer is asked a few times more. */
    private void onFailed(ListKind kind, Throwable failure) {
        int failures;
        boolean isThere;
        synchronized (this) {
            failures = refreshes.get(kind).failed();
            isThere = shown && !closed;
        }
        LOG.log(
                isThere ? Level.WARNING : Level.FINE,
                () -> failure.getMessage() + " (attempt " + failures + " of " + RETRIES_MAX + ")");
        next(kind, failures < RETRIES_MAX);
    }

    private void next(ListKind kind, boolean retry) {
        boolean again;
        long delay;
        synchronized (this) {
            Refresh state = refreshes.get(kind);
            boolean wanted = (state.isWantedAgain() || retry) && shown && !closed;
            again = wanted && !loan.isOverlong();
            if (wanted && !again) {
                comeBackLater();
            }
            state.ended(again);
            delay = retry ? state.retryNanos() : state.delayNanos();
        }
        if (again) {
            fetchAfter(kind, Math.max(1, delay));
        } else if (world.profile().interactive()) {
            leaveLater();
        }
    }

    /** The copy was started for its lists alone: it goes when they were quiet for a while. */
    private void leaveLater() {
        long seen;
        synchronized (this) {
            seen = ++activity;
        }
        later(() -> leave(seen), LINGER_NANOS);
    }

    private void leave(long seen) {
        synchronized (this) {
            boolean busy = refreshes.values().stream().anyMatch(Refresh::isRunning);
            if (busy || activity != seen || !attached) {
                return;
            }
            attached = false;
        }
        loan.end();
    }
}

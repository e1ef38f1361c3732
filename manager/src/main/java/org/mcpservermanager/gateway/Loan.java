package org.mcpservermanager.gateway;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.mcpservermanager.conversation.Peer;
import org.mcpservermanager.routing.Router;
import org.mcpservermanager.server.ServerId;

/**
 * The copy of a server from which one reader takes its lists. Where it is started for that alone, it is borrowed for a time, and not
 * again at once. Guarded by this; the router is called without it.
 */
final class Loan {
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Router router;
    private final ServerId server;
    private final Watcher watcher;
    private final Loans loans;
    private CompletableFuture<Void> turn; // null while nothing is borrowed
    private boolean borrowed; // it is our turn
    private long since;
    private boolean wasOverlong;

    Loan(Router router, ServerId server, Watcher watcher, Loans loans) {
        this.router = router;
        this.server = server;
        this.watcher = watcher;
        this.loans = loans;
    }

    /** Whatever comes of it, {@link #end} follows. */
    CompletionStage<Peer> begin() {
        return watcher.isManager()
                ? router.attach(server, watcher)
                : turn().thenCompose(mine -> router.attach(server, watcher));
    }

    private CompletionStage<Void> turn() {
        CompletableFuture<Void> mine;
        synchronized (this) {
            if (turn != null) {
                return turn;
            }
            mine = new CompletableFuture<>();
            turn = mine;
        }
        loans.take().thenRun(() -> {
            boolean wanted;
            synchronized (this) {
                wanted = turn == mine;
                borrowed |= wanted;
                since = System.nanoTime();
            }
            if (wanted) {
                mine.complete(null);
            } else {
                loans.give();
            }
        });
        return mine;
    }

    void end() {
        boolean gives;
        synchronized (this) {
            wasOverlong = isOverlong();
            gives = borrowed;
            borrowed = false;
            turn = null;
        }
        router.detach(watcher);
        if (gives) {
            loans.give();
        }
    }

    /** A server that changes its lists all the time would keep the copy for ever. */
    synchronized boolean isOverlong() {
        return borrowed && System.nanoTime() - since > LONGEST_NANOS;
    }

    /** Until it may be borrowed again. */
    synchronized long pauseNanos() {
        return wasOverlong || isOverlong() ? PAUSE_NANOS : 1;
    }
}

package org.mcpservermanager.gateway;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** How many copies are started for lists alone at the same time; who comes later waits, at most once for each list reader. */
final class Loans {
    static final int LOANS_MAX = 8;
    private final Deque<CompletableFuture<Void>> waiting = new ArrayDeque<>(); // guarded by this
    private int lent; // guarded by this

    synchronized CompletionStage<Void> take() {
        if (lent < LOANS_MAX) {
            lent++;
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> turn = new CompletableFuture<>();
        waiting.add(turn);
        return turn;
    }

    void give() {
        CompletableFuture<Void> next;
        synchronized (this) {
            next = waiting.poll();
            lent -= next == null ? 1 : 0;
        }
        if (next != null) {
            next.complete(null);
        }
    }
}

package org.mcpservermanager.process;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.mcpservermanager.server.Exit;

/** A process of ours; the keeper ends its tree when it is told to, and when the leader ends by itself. */
final class SpawnedChild implements Child {
    private static final Duration ORPHAN_GRACE = Duration.ofMillis(500);
    private final Leader leader;
    private final Consumer<SpawnedChild> beforeStop;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final String containment;
    private final int pidsMax;
    private final TreeKeeper keeper;
    private final Kept kept;
    private final ChildInput stdin;
    private final CompletableFuture<Exit> exited = new CompletableFuture<>();
    private final CompletableFuture<Void> treeEmpty = new CompletableFuture<>();
    private final CompletableFuture<List<Long>> escaped = new CompletableFuture<>();
    private volatile Optional<String> limitHit = Optional.empty();
    private final AtomicReference<CompletableFuture<Boolean>> stopping =
            new AtomicReference<>(new CompletableFuture<>());

    /** @param beforeStop done once, before the first order to stop is carried out */
    SpawnedChild(
            Leader leader,
            Tree tree,
            Enclosure enclosure,
            int birthmark,
            TreeKeeper keeper,
            Consumer<SpawnedChild> beforeStop) {
        this.leader = leader;
        this.beforeStop = beforeStop;
        this.containment = enclosure.name();
        this.pidsMax = enclosure.pidsMax();
        this.keeper = keeper;
        kept = new Kept(tree, new Ladder(ORPHAN_GRACE, enclosure.patience()), enclosure, birthmark, new Fate());
        stdin = new ChildInput(leader.stdin(), () -> keeper.endInput(kept));
    }

    Kept kept() {
        return kept;
    }

    void begin() {
        keeper.keep(kept);
        leader.exited().thenAccept(exit -> {
            // before the keeper hears of it, who takes the enclosure away
            limitHit = kept.enclosure.limitHit();
            if (!keeper.leaderGone(kept)) {
                stopping.get().complete(false);
            }
            exited.complete(exit);
        });
    }

    @Override
    public long pid() {
        return leader.pid();
    }

    @Override
    public Instant startedAt() {
        return leader.startedAt();
    }

    @Override
    public String containment() {
        return containment;
    }

    @Override
    public int pidsMax() {
        return pidsMax;
    }

    @Override
    public OutputStream stdin() {
        return stdin;
    }

    @Override
    public InputStream stdout() {
        return leader.stdout();
    }

    @Override
    public InputStream stderr() {
        return leader.stderr();
    }

    @Override
    public Condition condition() {
        if (exited.isDone()) {
            return Condition.GONE;
        }
        return keeper.seen(pid())
                .map(seen -> seen.stopped() ? Condition.STOPPED : Condition.ALIVE)
                .orElse(Condition.GONE);
    }

    @Override
    public CompletableFuture<Exit> exited() {
        return exited;
    }

    @Override
    public CompletableFuture<Void> treeEmpty() {
        return treeEmpty;
    }

    @Override
    public Optional<String> limitHit() {
        return limitHit;
    }

    @Override
    public CompletableFuture<List<Long>> escaped() {
        return escaped;
    }

    @Override
    public CompletableFuture<Activity> activity() {
        return keeper.activity(kept);
    }

    @Override
    public CompletableFuture<Boolean> stop(Duration endOfInput, Duration term) {
        CompletableFuture<Boolean> current = stopping.updateAndGet(
                before -> before.isDone() && !treeEmpty.isDone() ? new CompletableFuture<>() : before);
        if (stopped.compareAndSet(false, true)) {
            beforeStop.accept(this);
        }
        Duration untilTerm = leader.hasInput() ? endOfInput : Duration.ZERO;
        if (!treeEmpty.isDone() && !keeper.stop(kept, untilTerm, term)) {
            current.complete(false);
        }
        if (treeEmpty.isDone()) { // since it was looked at; nobody completes another promise then
            current.complete(true);
        }
        return current;
    }

    @Override
    public String toString() {
        return "Child[pid " + pid() + ", " + containment + "]";
    }

    private final class Fate implements Kept.Owner {
        @Override
        public void endInput() {
            stdin.end();
        }

        @Override
        public void onStuck() {
            stopping.get().complete(false);
        }

        @Override
        public void onLookedLast(List<Long> pids) {
            escaped.complete(pids);
        }

        private void settle(InputStream output) {
            if (output instanceof ChildOutput ours) {
                ours.settle();
            }
        }

        @Override
        public void onEmpty() {
            stdin.end();
            settle(stdout());
            settle(stderr());
            exited.whenComplete((exit, failure) -> {
                treeEmpty.complete(null);
                stopping.get().complete(true);
            });
        }
    }
}

package org.mcpservermanager.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Ends trees, all in one thread: trees that are due together share one scan of the machine. Idle while nothing ends. */
final class TreeKeeper implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TreeKeeper.class.getName());
    private static final long RETRY = 100_000_000L;
    /** Trees that end in one blow are swept together, when those that take their places have begun. */
    private static final long SWEEP_AFTER = 500_000_000L;

    private static final long LAST_LOOK_SECONDS = 5;
    private static final long EXIT_LOOK_EVERY = 200_000_000L;
    private final ProcessTable table;
    private final Signals signals;
    private final ScheduledThreadPoolExecutor thread;
    private final long origin = System.nanoTime();
    /** These are touched in the keeper's thread only. */
    private final Set<Kept> trees = new LinkedHashSet<>();

    private List<ScheduledFuture<?>> alarm = List.of();
    private long alarmAt = Ladder.NEVER;
    private long sweepAt;

    TreeKeeper(ProcessTable table, Signals signals) {
        this.table = table;
        this.signals = signals;
        thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(null, task, "mcp-process-trees", 256 << 10);
            made.setDaemon(true);
            return made;
        });
        thread.setRemoveOnCancelPolicy(true);
    }

    /** On the caller's thread. */
    Optional<Seen> seen(long pid) {
        return table.look(pid);
    }

    /** Completes within a fifth of a second of the end of a process that is no child of ours, of which nobody tells us. */
    CompletableFuture<Void> gone(Seen seen) {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        run(() -> lookFor(seen, gone));
        return gone;
    }

    private void lookFor(Seen seen, CompletableFuture<Void> gone) {
        if (table.look(seen.pid()).filter(seen::isSame).isEmpty()) {
            // what depends on it is not this thread's work
            gone.completeAsync(() -> null);
        } else if (!thread.isShutdown()) {
            thread.schedule(() -> lookFor(seen, gone), EXIT_LOOK_EVERY, TimeUnit.NANOSECONDS);
        }
    }

    void keep(Kept kept) {
        run(() -> trees.add(kept));
    }

    /** @return false when the keeper is closed */
    boolean stop(Kept kept, Duration endOfInput, Duration term) {
        return run(() -> {
            if (!kept.isToldEmpty()) { // else its last look is due anyway, and can wait
                kept.ladder.stop(now(), endOfInput, term);
                // Many stops come together: they are let in first, to share the scan.
                armFor(kept);
            }
        });
    }

    /** Looks at the tree and then ends its input: who leaves at that may leave processes that only their parent betrays. */
    boolean endInput(Kept kept) {
        return run(() -> {
            if (trees.contains(kept) && !kept.enclosure.isTight()) {
                kept.askForEndOfInput();
                kept.ladder.lookSoon(now());
                armFor(kept);
            } else {
                kept.endInput();
            }
        });
    }

    boolean leaderGone(Kept kept) {
        long at = table.now();
        return run(() -> {
            kept.leaderGone(at, now());
            if (kept.isSurelyEmpty()) {
                kept.ladder.lookSoon(nextSweep());
                kept.tellEmpty();
            }
            armFor(kept);
        });
    }

    private long nextSweep() {
        long now = now();
        sweepAt = sweepAt > now ? sweepAt : now + SWEEP_AFTER;
        return sweepAt;
    }

    /**
     * Who belongs to which tree, by a scan that another thread made. What it shows is remembered: a process that hides later is
     * still found when its tree is ended.
     *
     * @param began a moment before the scan
     * @return the living trees; fails when the keeper is closed
     */
    CompletableFuture<Map<Kept, Collection<Seen>>> sort(Scan scan, long began) {
        CompletableFuture<Map<Kept, Collection<Seen>>> sorted = new CompletableFuture<>();
        boolean taken = run(() -> {
            Map<Kept, Collection<Seen>> members = new HashMap<>();
            trees.forEach(kept -> members.put(kept, kept.tree.notice(scan, began, kept.enclosure.pids())));
            sorted.complete(members);
        });
        if (!taken) {
            sorted.completeExceptionally(new IllegalStateException("the keeper of process trees is closed"));
        }
        return sorted;
    }

    /** Looks at the machine for it, so: now and then only. */
    CompletableFuture<Activity> activity(Kept kept) {
        CompletableFuture<Activity> known = new CompletableFuture<>();
        boolean asked = run(() -> {
            try {
                Scan scan = table.scan(kept.tree.since());
                known.complete(kept.tree.members(scan, kept.enclosure.pids()).stream()
                        .map(table::activity)
                        .reduce(Activity.NONE, Activity::plus));
            } catch (RuntimeException failure) {
                known.completeExceptionally(failure);
            }
        });
        if (!asked) {
            known.complete(Activity.NONE);
        }
        return known;
    }

    private boolean run(Runnable task) {
        try {
            thread.execute(task);
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        }
    }

    private void arm() {
        arm(trees.stream().mapToLong(kept -> kept.ladder.lookAt()).min().orElse(Ladder.NEVER));
    }

    /** Nothing else has changed. */
    private void armFor(Kept kept) {
        if (kept.ladder.lookAt() < alarmAt) {
            arm(kept.ladder.lookAt());
        }
    }

    private void arm(long at) {
        alarm.forEach(old -> old.cancel(false));
        alarmAt = at;
        alarm = at == Ladder.NEVER || thread.isShutdown()
                ? List.of()
                : List.of(thread.schedule(this::look, Math.max(0, at - now()), TimeUnit.NANOSECONDS));
    }

    private void look() {
        try {
            lookAtDue();
            arm();
        } catch (RuntimeException failure) {
            LOG.log(Level.SEVERE, "looking at process trees failed; it is tried again in 100 ms", failure);
            thread.schedule(this::look, RETRY, TimeUnit.NANOSECONDS);
        }
    }

    private void lookAtDue() {
        long now = now();
        List<Kept> due = new ArrayList<>(trees);
        due.removeIf(kept -> kept.ladder.lookAt() > now || kept.postpone(table, now));
        if (due.isEmpty()) {
            return;
        }
        Scan scan = table.scan(
                due.stream().mapToLong(kept -> kept.tree.since()).min().orElse(0));
        for (Kept kept : due) {
            kept.lookedFully(now);
            Collection<Seen> members = kept.tree.members(scan, kept.enclosure.pids());
            kept.endInputIfAsked();
            boolean unclear = members.isEmpty() && kept.tree.isLeaderGone() && scan.isUnclear(kept.tree.since());
            if (!unclear || !kept.ladder.waitForClarity(now())) {
                act(kept, members, scan, now());
            }
        }
    }

    private void act(Kept kept, Collection<Seen> members, Scan scan, long now) {
        // where all are known, nobody begins any more
        boolean anyAlive = !members.isEmpty() || (!kept.isToldEmpty() && kept.enclosure.isOccupied());
        switch (kept.ladder.looked(now, kept.tree.isLeaderGone(), anyAlive)) {
            case NOTHING -> {}
            case END_INPUT -> kept.endInput();
            case TERM -> {
                kept.endInput();
                kept.enclosure.term(kept.ladder.grace(), () -> term(kept, members));
            }
            case KILL -> kill(kept, members);
            case GIVE_UP -> kept.owner.onStuck();
            case CONFIRM_EMPTY -> {
                List<Long> escaped =
                        kept.escaped(scan, seen -> trees.stream().anyMatch(o -> o != kept && o.tree.knows(seen)));
                trees.remove(kept);
                kept.owner.onLookedLast(escaped);
                kept.enclosure.remove();
                kept.tellEmpty();
            }
        }
    }

    /** Who is found then was put by itself where it does not belong. */
    private void sweep() {
        trees.removeIf(kept -> !kept.isToldEmpty());
        if (!trees.isEmpty()) {
            Scan scan = table.scan(0);
            for (Kept kept : trees) {
                signals.kill(kept.tree.members(scan, kept.enclosure.pids()));
                kept.enclosure.remove();
            }
        }
    }

    private void term(Kept kept, Collection<Seen> members) {
        signals.term(kept.tree.within(members, kept.enclosure.skins()).stream()
                .filter(kept::askFirst)
                .toList());
        // A halted process acts on TERM only after CONT, and until then its pid cannot pass to a stranger.
        signals.resume(members.stream().filter(Seen::stopped).toList());
    }

    /** One by one first, since that checks who is hit; who forks faster than that is hit as a group. */
    private void kill(Kept kept, Collection<Seen> members) {
        kept.endInput();
        kept.enclosure.kill(() -> {
            signals.kill(members);
            long group = kept.tree.groupInUse();
            if (kept.nextRoundOfKill() > 1 && group != 0) {
                signals.killGroup(group);
            }
        });
    }

    private long now() {
        return System.nanoTime() - origin;
    }

    /** Ends the thread. Trees that are still kept are left as they are, but for those that were told empty before a last look. */
    @Override
    public void close() {
        try {
            thread.submit(this::sweep).get(LAST_LOOK_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | RejectedExecutionException failure) {
            LOG.log(Level.WARNING, "the last look at process trees failed", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warning("the thread mcp-process-trees did not end within 5 s");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

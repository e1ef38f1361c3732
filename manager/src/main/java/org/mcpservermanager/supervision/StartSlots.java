package org.mcpservermanager.supervision;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.mcpservermanager.server.Problem;

/**
 * The few places for servers that are starting at the same time; the lowest priority number goes first, then who asked first.
 * While the machine cannot start processes nobody gets one who needs a process, but the one that tries whether it can again.
 */
public final class StartSlots {
    private record Waiting(Object owner, int priority, BooleanSupplier launches, Runnable granted) {}

    private final int slotsMax;
    private final LongSupplier nanos;
    private final ScheduledExecutorService timer;
    private final Set<Object> holders = new HashSet<>(); // guarded by this
    private final List<Waiting> queue = new ArrayList<>(); // guarded by this
    private HostBreaker breaker = HostBreaker.CLOSED; // guarded by this
    private Optional<Object> trying = Optional.empty(); // guarded by this: who was let through an open breaker

    /** @param nanos monotonic clock */
    public StartSlots(int slotsMax, LongSupplier nanos, ScheduledExecutorService timer) {
        if (slotsMax < 1) {
            throw new IllegalArgumentException("start concurrency: " + slotsMax + " (expected: 1 or more)");
        }
        this.slotsMax = slotsMax;
        this.nanos = nanos;
        this.timer = timer;
    }

    /** @param launches whether it needs a process now; that may change while it waits */
    void ask(Object owner, int priority, BooleanSupplier launches, Runnable granted) {
        synchronized (this) {
            queue.add(new Waiting(owner, priority, launches, granted));
            queue.sort(Comparator.comparingInt(Waiting::priority));
        }
        grant();
    }

    /** Gives a held place back or leaves the queue; nothing when the owner has neither. */
    void release(Object owner) {
        synchronized (this) {
            holders.remove(owner);
            queue.removeIf(waiting -> waiting.owner() == owner);
            if (trying.filter(who -> who == owner).isPresent()) {
                trying = Optional.empty();
                breaker = breaker.gaveUp();
            }
        }
        grant();
    }

    /** What keeps every start of a process back; empty while all is well. */
    synchronized Optional<Problem> hostFault() {
        return breaker.problem();
    }

    /**
     * A launch found the machine short of something.
     *
     * @return true when that is news
     */
    boolean faulted(Problem fault) {
        boolean news;
        long waitMillis;
        synchronized (this) {
            news = !breaker.isOpen();
            breaker = breaker.faulted(fault, nowMillis());
            trying = breaker.trying() ? trying : Optional.empty();
            waitMillis = breaker.tryAt() - nowMillis();
        }
        try {
            timer.schedule(this::grant, Math.max(0, waitMillis), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException shuttingDown) {
            // Nothing starts any more.
            return news;
        }
        return news;
    }

    /**
     * For a launch that needs no place.
     *
     * @return what keeps it back
     */
    synchronized Optional<Problem> refusal(Object owner) {
        if (!breaker.lets(nowMillis())) {
            return breaker.problem();
        }
        let(owner);
        return Optional.empty();
    }

    /**
     * A launch made a process.
     *
     * @return what the machine was short of until now; empty when this says nothing new
     */
    Optional<Problem> spawned(Object owner) {
        Optional<Problem> over;
        synchronized (this) {
            if (trying.filter(who -> who == owner).isEmpty()) {
                return Optional.empty();
            }
            over = breaker.problem();
            breaker = HostBreaker.CLOSED;
            trying = Optional.empty();
        }
        grant();
        return over;
    }

    private void grant() {
        List<Runnable> granted = new ArrayList<>();
        synchronized (this) {
            Optional<Waiting> next = next();
            while (next.isPresent()) {
                granted.add(admit(next.get()));
                next = next();
            }
        }
        granted.forEach(Runnable::run);
    }

    private Optional<Waiting> next() {
        if (holders.size() >= slotsMax) {
            return Optional.empty();
        }
        boolean lets = breaker.lets(nowMillis());
        return queue.stream()
                .filter(waiting -> lets || !waiting.launches().getAsBoolean())
                .findFirst();
    }

    private Runnable admit(Waiting next) {
        queue.remove(next);
        if (breaker.lets(nowMillis()) && next.launches().getAsBoolean()) {
            let(next.owner());
        }
        holders.add(next.owner());
        return next.granted();
    }

    private void let(Object owner) {
        breaker = breaker.let();
        trying = breaker.trying() ? Optional.of(owner) : Optional.empty();
    }

    private long nowMillis() {
        return nanos.getAsLong() / 1_000_000;
    }
}

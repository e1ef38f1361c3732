package org.mcpservermanager.process;

import java.time.Duration;

/**
 * How one tree is brought to an end, step by step; decides, does nothing. Times are nanoseconds since any fixed moment. Confined
 * to the keeper's thread.
 */
final class Ladder {
    static final long NEVER = Long.MAX_VALUE;
    private static final long MILLI = 1_000_000L;
    private static final long PAUSE_MIN = MILLI;
    private static final long PAUSE_MAX = 100 * MILLI;
    private static final Duration VERIFY = Duration.ofSeconds(2);
    private static final long STUCK_PAUSE = 5_000 * MILLI;
    private static final int UNCLEAR_MAX = 20;

    enum Stage {
        IDLE,
        END_OF_INPUT,
        TERM,
        KILL,
        STUCK,
        EMPTY
    }

    /** What to do to the members just seen; each includes what is milder. */
    enum Order {
        NOTHING,
        END_INPUT,
        TERM,
        KILL,
        /** Every attempt is used up: say so, and go on. */
        GIVE_UP,
        CONFIRM_EMPTY
    }

    private final long orphanGrace;
    private final long verify;
    private Stage stage = Stage.IDLE;
    private long until = NEVER;
    private long term;
    private long lookAt = NEVER;
    private long pause = PAUSE_MIN;
    private boolean outlivedLeader;
    private boolean emptyBefore;
    private int unclearLooks;

    /** @param orphanGrace what processes get between TERM and KILL when their leader ended unasked */
    Ladder(Duration orphanGrace) {
        this(orphanGrace, VERIFY);
    }

    /** @param verify how long KILL may take to show */
    Ladder(Duration orphanGrace, Duration verify) {
        this.orphanGrace = orphanGrace.toNanos();
        this.verify = verify.toNanos();
        this.term = this.orphanGrace;
    }

    Stage stage() {
        return stage;
    }

    /** What lies between TERM and KILL. */
    Duration grace() {
        return Duration.ofNanos(term);
    }

    /** When the tree must be looked at next. */
    long lookAt() {
        return lookAt;
    }

    /** A stop was asked for. A second one can only shorten the first; one that comes after giving up starts over with KILL. */
    void stop(long now, Duration endOfInput, Duration grace) {
        term = stage == Stage.IDLE ? grace.toNanos() : Math.min(term, grace.toNanos());
        switch (stage) {
            case IDLE -> enter(Stage.END_OF_INPUT, now + endOfInput.toNanos());
            case END_OF_INPUT -> until = Math.min(until, now + endOfInput.toNanos());
            case TERM -> until = Math.min(until, now + term);
            case STUCK -> enter(Stage.KILL, now + verify);
            case KILL, EMPTY -> {}
        }
        lookAt = now;
    }

    void leaderGone(long now) {
        lookAt = now;
    }

    /** Somebody else has a reason to look. */
    void lookSoon(long now) {
        lookAt = now;
    }

    /** Nothing can have changed but the deadline: the look may wait. */
    void postpone(long now) {
        lookAt = Math.min(until, now + nextPause());
    }

    boolean mayPostpone(long now) {
        return stage == Stage.TERM && now < until;
    }

    /** Nobody was seen, but somebody may belong to the tree of whom that cannot be said yet. */
    boolean waitForClarity(long now) {
        if (++unclearLooks > UNCLEAR_MAX) {
            return false;
        }
        lookAt = now + nextPause();
        return true;
    }

    /** The tree was looked at. */
    Order looked(long now, boolean leaderGone, boolean anyAlive) {
        if (leaderGone && !anyAlive) {
            return empty(now);
        }
        outlivedLeader |= leaderGone;
        emptyBefore = false;
        return climb(now, leaderGone);
    }

    /** A process that forks and ends while the scan goes by can hide from it once: what had company is looked at twice. */
    private Order empty(long now) {
        if (outlivedLeader && !emptyBefore) {
            emptyBefore = true;
            lookAt = now + PAUSE_MIN;
            return Order.NOTHING;
        }
        stage = Stage.EMPTY;
        lookAt = NEVER;
        return Order.CONFIRM_EMPTY;
    }

    private Order climb(long now, boolean leaderGone) {
        if (stage == Stage.KILL && now >= until) {
            enter(Stage.STUCK, NEVER);
            lookAt = now + STUCK_PAUSE;
            return Order.GIVE_UP;
        }
        if (stage == Stage.TERM && now >= until) {
            enter(Stage.KILL, now + verify);
        } else if (stage == Stage.END_OF_INPUT && (leaderGone || now >= until)) {
            enter(Stage.TERM, now + term);
        } else if (stage == Stage.IDLE && leaderGone) {
            enter(Stage.TERM, now + orphanGrace);
        }
        return order(now, leaderGone);
    }

    private Order order(long now, boolean leaderGone) {
        return switch (stage) {
            case END_OF_INPUT -> {
                lookAt = until;
                yield Order.END_INPUT;
            }
            case TERM -> {
                lookAt = leaderGone ? Math.min(until, now + nextPause()) : until;
                yield Order.TERM;
            }
            case KILL -> {
                lookAt = now + nextPause();
                yield Order.KILL;
            }
            case STUCK -> {
                lookAt = now + STUCK_PAUSE;
                yield Order.KILL;
            }
            case IDLE, EMPTY -> {
                lookAt = NEVER;
                yield Order.NOTHING;
            }
        };
    }

    private void enter(Stage next, long deadline) {
        stage = next;
        until = deadline;
        pause = PAUSE_MIN;
    }

    private long nextPause() {
        long current = pause;
        pause = Math.min(PAUSE_MAX, pause * 2);
        return current;
    }
}

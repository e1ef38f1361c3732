package org.mcpservermanager.process;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A tree in the keeper's care. Confined to the keeper's thread, but for {@link Owner}, which it calls. */
final class Kept {
    /** Whom the tree belongs to; called in the keeper's thread, must not block. */
    interface Owner {
        void endInput();

        /** Some member survives every signal. It stays watched; {@link #onEmpty} may still come. */
        void onStuck();

        /** @param escaped who most likely came of it, and hid in every way */
        default void onLookedLast(List<Long> escaped) {}

        /** No member is alive. Called once. */
        void onEmpty();
    }

    /** A look for what is already known costs little; after this long, one for new members is due as well. */
    private static final long FULL_LOOK_EVERY = 1_000_000_000L;

    final Tree tree;
    final Ladder ladder;
    final Enclosure enclosure;
    final Owner owner;
    private final int birthmark;
    private final Map<Long, Long> asked = new HashMap<>();
    private long fullLookAt = Long.MIN_VALUE;
    private int roundsOfKill;
    private boolean inputEnded;
    private boolean endOfInputAsked;
    private boolean toldEmpty;

    /** Without anything that encloses it. */
    Kept(Tree tree, Ladder ladder, Owner owner) {
        this(tree, ladder, new Prefixed("descendants", false, 0, List.of(), Map.of(), Path.of("/")), owner);
    }

    Kept(Tree tree, Ladder ladder, Enclosure enclosure, Owner owner) {
        this(tree, ladder, enclosure, Birthmark.NONE, owner);
    }

    /** @param birthmark what its processes bear; {@link Birthmark#NONE} when they bear none */
    Kept(Tree tree, Ladder ladder, Enclosure enclosure, int birthmark, Owner owner) {
        this.birthmark = birthmark;
        this.tree = tree;
        this.ladder = ladder;
        this.enclosure = enclosure;
        this.owner = owner;
    }

    /** Waiting for members that were sent TERM: as long as one of them lives, the machine need not be scanned. */
    boolean postpone(ProcessTable table, long now) {
        boolean wait = ladder.mayPostpone(now) && now < fullLookAt + FULL_LOOK_EVERY && tree.anyKnownAlive(table);
        if (wait) {
            ladder.postpone(now);
        }
        return wait;
    }

    void lookedFully(long now) {
        fullLookAt = now;
    }

    void endInput() {
        if (!inputEnded) {
            inputEnded = true;
            owner.endInput();
        }
    }

    /** Who is no member of any tree and bears the mark of this one. */
    List<Long> escaped(Scan scan, Predicate<Seen> belongsElsewhere) {
        return birthmark == Birthmark.NONE
                ? List.of()
                : scan.unmarked(tree.since()).stream()
                        .filter(seen -> Birthmark.of(seen.pid()) == birthmark)
                        .filter(belongsElsewhere.negate())
                        .map(Seen::pid)
                        .toList();
    }

    void askForEndOfInput() {
        endOfInputAsked = true;
    }

    void endInputIfAsked() {
        if (endOfInputAsked) {
            endInput();
        }
    }

    /** Its leader ended unasked, and left nobody where all of them are: what the machine still has to show can wait. */
    boolean isSurelyEmpty() {
        return ladder.stage() == Ladder.Stage.IDLE
                && enclosure.isTight()
                && enclosure.pids().isEmpty();
    }

    void tellEmpty() {
        if (!toldEmpty) {
            toldEmpty = true;
            owner.onEmpty();
        }
    }

    boolean isToldEmpty() {
        return toldEmpty;
    }

    int nextRoundOfKill() {
        return ++roundsOfKill;
    }

    void leaderGone(long at, long now) {
        tree.leaderGone(at);
        ladder.leaderGone(now);
        enclosure.leaderGone();
        fullLookAt = Long.MIN_VALUE;
    }

    /** True once for each process: TERM is sent once, since a second one makes some servers drop their clean-up. */
    boolean askFirst(Seen member) {
        Long before = asked.put(member.pid(), member.start());
        return before == null || before != member.start();
    }
}

package org.mcpservermanager.supervision;

import java.util.Optional;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.Wish;

/** What the lifecycle wants done. */
sealed interface Effect {
    /** Ask for one of the few places for starting servers; answered by {@link Input.SlotGranted}. */
    record AskSlot() implements Effect {}

    /** Give the place back, or stop waiting for it. */
    record ReleaseSlot() implements Effect {}

    /** Answered by Progress, Ready, LaunchRefused or Ended. */
    record Launch(long generation) implements Effect {}

    /** Empty the process tree; answered by TreeEmpty. */
    record EndTree(long generation, Ladder ladder) implements Effect {}

    /** Replaces any armed alarm. */
    record Arm(long number, long delayMillis) implements Effect {}

    /** As {@link Arm}, for a copy that is starting: the alarm tells whether the copy showed progress of late. */
    record Watch(long number, long delayMillis) implements Effect {}

    record Disarm() implements Effect {}

    /** Say that another copy serves now; with a failure, that the old one goes on because its replacement failed. */
    record Announce(Optional<Problem> failure) implements Effect {}

    record SaveWish(Wish wish) implements Effect {}

    /** How politely a tree is asked to end. */
    enum Ladder {
        /** Close stdin, wait, TERM, wait, KILL. */
        GRACEFUL,
        /** The copy is already broken: TERM, a short wait, KILL. */
        SHORT,
        /** Another copy serves already: calls under way end in their own time, then as GRACEFUL. */
        RETIRE,
        /** KILL at once. */
        FORCE
    }
}

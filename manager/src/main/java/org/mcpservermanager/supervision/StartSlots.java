package org.mcpservermanager.supervision;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The few places for servers that are starting at the same time; the lowest priority number goes first, then who asked first. */
public final class StartSlots {
    private record Waiting(Object owner, int priority, Runnable granted) {}

    private final int slotsMax;
    private final Set<Object> holders = new HashSet<>(); // guarded by this
    private final List<Waiting> queue = new ArrayList<>(); // guarded by this

    public StartSlots(int slotsMax) {
        if (slotsMax < 1) {
            throw new IllegalArgumentException("start concurrency: " + slotsMax + " (expected: 1 or more)");
        }
        this.slotsMax = slotsMax;
    }

    void ask(Object owner, int priority, Runnable granted) {
        synchronized (this) {
            queue.add(new Waiting(owner, priority, granted));
            queue.sort(Comparator.comparingInt(Waiting::priority));
        }
        grant();
    }

    /** Gives a held place back or leaves the queue; nothing when the owner has neither. */
    void release(Object owner) {
        synchronized (this) {
            holders.remove(owner);
            queue.removeIf(waiting -> waiting.owner() == owner);
        }
        grant();
    }

    private void grant() {
        List<Runnable> granted = new ArrayList<>();
        synchronized (this) {
            while (holders.size() < slotsMax && !queue.isEmpty()) {
                Waiting next = queue.remove(0);
                holders.add(next.owner());
                granted.add(next.granted());
            }
        }
        granted.forEach(Runnable::run);
    }
}

package org.mcpservermanager.health;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The few places for checks that run at the same time, over all servers; who asked first goes first. */
public final class CheckSlots {
    public static final int SLOTS_DEFAULT = 5;
    private final int slotsMax;
    private final Set<Object> holders = new HashSet<>(); // guarded by this
    private final Map<Object, Runnable> queue = new LinkedHashMap<>(); // guarded by this

    public CheckSlots(int slotsMax) {
        if (slotsMax < 1) {
            throw new IllegalArgumentException("health checks at once: " + slotsMax + " (expected: 1 or more)");
        }
        this.slotsMax = slotsMax;
    }

    /** An owner waits once, however often it asks. */
    void ask(Object owner, Runnable granted) {
        synchronized (this) {
            queue.putIfAbsent(owner, granted);
        }
        grant();
    }

    /** Gives a held place back or leaves the queue; nothing when the owner has neither. */
    void release(Object owner) {
        synchronized (this) {
            holders.remove(owner);
            queue.remove(owner);
        }
        grant();
    }

    private void grant() {
        List<Runnable> granted = new ArrayList<>();
        synchronized (this) {
            Iterator<Map.Entry<Object, Runnable>> waiting = queue.entrySet().iterator();
            while (holders.size() < slotsMax && waiting.hasNext()) {
                Map.Entry<Object, Runnable> next = waiting.next();
                waiting.remove();
                holders.add(next.getKey());
                granted.add(next.getValue());
            }
        }
        granted.forEach(Runnable::run);
    }
}

package org.mcpservermanager.protocol;

import java.util.HashSet;
import java.util.Set;

/** The member names of one object; most objects are small, so a set is made only when one is not. */
final class Names {
    static final int MEMBERS_MAX = 1024;
    private static final int FEW = 16;

    private final String[] few = new String[FEW];
    private Set<String> many = Set.of();
    private int count;

    boolean isFull() {
        return count >= MEMBERS_MAX;
    }

    /** False when the name was there before. */
    boolean add(String name) {
        if (count < FEW) {
            for (int i = 0; i < count; i++) {
                if (few[i].equals(name)) {
                    return false;
                }
            }
            few[count++] = name;
            return true;
        }
        if (count == FEW) {
            many = new HashSet<>(Set.of(few));
        }
        count++;
        return many.add(name);
    }
}

package org.mcpservermanager.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckSlotsTest {
    private final CheckSlots slots = new CheckSlots(2);
    private final List<String> granted = new ArrayList<>();

    private void ask(String... owners) {
        for (String owner : owners) {
            slots.ask(owner, () -> granted.add(owner));
        }
    }

    @Test
    void grantsAsManyAsThereAreInTheOrderOfAsking() {
        ask("a", "b", "c", "d");
        assertEquals(List.of("a", "b"), granted);
        slots.release("b");
        slots.release("a");
        assertEquals(List.of("a", "b", "c", "d"), granted);
    }

    @Test
    void whoLeavesTheQueueIsNotCalled() {
        ask("a", "b", "c", "d");
        slots.release("c");
        slots.release("a");
        assertEquals(List.of("a", "b", "d"), granted);
    }

    @Test
    void givingBackTwiceFreesOnePlace() {
        ask("a", "b", "c", "d");
        slots.release("a");
        slots.release("a");
        assertEquals(List.of("a", "b", "c"), granted);
    }

    @Test
    void refusesToHaveNoPlaces() {
        assertThrows(IllegalArgumentException.class, () -> new CheckSlots(0));
    }
}

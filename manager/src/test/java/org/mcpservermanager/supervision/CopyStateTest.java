package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.mcpservermanager.process.Child;

class CopyStateTest {
    private final CopyState state = new CopyState();
    private final Child first = new Elsewhere();
    private final Child second = new Elsewhere();

    @Test
    void asksOnlyOneChild() {
        assertEquals(CopyState.Part.ASKED, state.spawned(first, true));
        assertTrue(state.gaveWay(first));
        assertNull(state.child());
        assertEquals(CopyState.Part.STAYS, state.spawned(second, true));
        assertFalse(state.isAsking(second));
    }

    @Test
    void settlesOnce() {
        state.spawned(first, true);
        assertTrue(state.settles(first));
        assertFalse(state.settles(first));
    }

    @Test
    void keepsASettledChild() {
        state.spawned(first, true);
        state.settles(first);
        assertFalse(state.gaveWay(first));
        assertSame(first, state.child());
    }

    @Test
    void wantsNoChildAfterItsEnd() {
        assertNull(state.ends().child());
        assertEquals(CopyState.Part.UNWANTED, state.spawned(first, true));
        assertFalse(state.isAsking(first));
        assertSame(first, state.ends().child());
    }

    @Test
    void isOverOnce() {
        assertTrue(state.overNow());
        assertFalse(state.overNow());
        assertFalse(state.opens(null));
    }

    @Test
    void tellsNobodyWhoEndedIt() {
        assertTrue(state.opens(null));
        state.ends();
        assertFalse(state.overNow());
        assertFalse(state.opens(null));
    }
}

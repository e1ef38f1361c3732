package org.mcpservermanager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class KnownListsTest {
    private static final Offer READER = new Offer("read", "{\"annotations\":{\"readOnlyHint\":true}}");
    private static final Offer WRITER = new Offer("write", "{}");

    private final KnownLists known = new KnownLists();

    @Test
    void tellsThatAListWasReadForTheFirstTimeThoughItIsEmpty() {
        assertTrue(known.take(ListKind.TOOLS, List.of()));
        assertTrue(known.hasRead(ListKind.TOOLS));
        assertFalse(known.hasRead(ListKind.PROMPTS));
    }

    @Test
    void tellsNobodyOfTheSameListAgain() {
        known.take(ListKind.TOOLS, List.of(READER));
        assertFalse(known.take(ListKind.TOOLS, List.of(READER)));
        assertEquals(List.of(READER), known.offers(ListKind.TOOLS));
    }

    @Test
    void forgetsThatAToolWasHarmless() {
        known.take(ListKind.TOOLS, List.of(READER, WRITER));
        assertTrue(known.isHarmless("read"));
        assertFalse(known.isHarmless("write"));
        assertTrue(known.take(ListKind.TOOLS, List.of(WRITER)));
        assertFalse(known.isHarmless("read"));
    }

    @Test
    void takesNoPromptForAHarmlessTool() {
        known.take(ListKind.PROMPTS, List.of(READER));
        assertFalse(known.isHarmless("read"));
    }
}

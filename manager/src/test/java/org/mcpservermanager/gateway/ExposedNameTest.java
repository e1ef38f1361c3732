package org.mcpservermanager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.server.ServerId;

class ExposedNameTest {
    private static final String SERVER_LETTERS = "ab-0";
    private static final String NAME_LETTERS = "ab_-./0 é\"";

    private static String name(String server, String tool) {
        return ExposedName.of(new ServerId(server), tool);
    }

    @Test
    void joinsServerAndName() {
        assertEquals("my-git__create.issue", name("my-git", "create.issue"));
        assertEquals("a___x", name("a", "_x"));
    }

    @Test
    void keepsShortenedNamesForEver() {
        String tool = "a_very_long_tool_name_that_goes_on_and_on_and_on_and_on_and_on";
        assertEquals("github_t17li9a34ge7j_a_very_long_tool_name_that_goes_on_and_on_a", name("github", tool));
    }

    @Test
    void tellsNamesApartThatDifferOnlyWhereTheyAreCut() {
        String same = "x".repeat(100);
        assertNotEquals(name("s", same + "1"), name("s", same + "2"));
        assertNotEquals(name("s", "a b"), name("s", "a_b"));
        assertNotEquals(name("s", "a b"), name("s", "a\tb"));
    }

    @Test
    void aToolCannotTakeTheShortenedNameOfAnother() {
        String shortened = name("s", "x".repeat(100));
        assertNotEquals(shortened, name("s", shortened.substring(2)));
        assertNotEquals(shortened, name("s", shortened.substring(3)));
    }

    @Test
    void isAlwaysShortPlainAndUnique() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<String, String> seen = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            String server = "s" + text(random, SERVER_LETTERS, random.nextInt(4) == 0 ? 62 : 3);
            String tool = "t" + text(random, NAME_LETTERS, random.nextInt(4) == 0 ? 130 : 4);
            String exposed = name(server, tool);
            assertTrue(exposed.matches("[A-Za-z0-9_./-]{1,64}"), () -> exposed + " of " + tool + ", seed " + seed);
            String before = seen.put(exposed, server + "\0" + tool);
            if (before != null) {
                assertEquals(before, server + "\0" + tool, "two share " + exposed + ", seed " + seed);
            }
        }
        assertNull(seen.get(""));
    }

    private static String text(Random random, String letters, int lengthMax) {
        StringBuilder out = new StringBuilder();
        for (int left = random.nextInt(lengthMax + 1); left > 0; left--) {
            out.append(letters.charAt(random.nextInt(letters.length())));
        }
        return out.toString();
    }
}

package org.mcpservermanager.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonTextTest {
    @Test
    void quotesSoThatItReadsBackTheSame() {
        String all = "a\"\\/\b\f\n\r\t\0\u001f\u007f\u2028é漢\uD83D\uDE00\uD800x\uDC00";
        assertEquals(all, JsonText.unquote(JsonText.quote(all)));
        assertEquals("\"\\ud800\"", JsonText.quote("\uD800"));
    }

    @Test
    void unquotesEveryEscape() {
        assertEquals(
                "\"\\/\b\f\n\r\tA\uD83D\uDE00",
                JsonText.unquote("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\uD83D\\uDE00\""));
        assertEquals("", JsonText.unquote("7"));
        assertThrows(IllegalArgumentException.class, () -> JsonText.unquote("\"a\\\""));
    }

    @Test
    void readsMembersWithoutATree() {
        String text = " {\"a\" : [1, 2] , \"\\u0062\":{\"c\":1e400}}";
        assertEquals("[1, 2]", JsonText.member(text, "a"));
        assertEquals("{\"c\":1e400}", JsonText.member(text, "b"));
        assertEquals("", JsonText.member(text, "c"));
        assertEquals("", JsonText.member("[]", "a"));
        assertEquals("", JsonText.member("", "a"));
        assertEquals(Map.of("a", "[1, 2]", "b", "{\"c\":1e400}"), JsonText.members(text));
        assertEquals(List.of("1", "{ }", "\"]\""), JsonText.elements("[1, { } ,\"]\" ]"));
        assertEquals(List.of(), JsonText.elements("[ ]"));
    }

    @Test
    void makesTreesOfObjectsOnly() {
        assertEquals(1, JsonText.tree("{\"a\":1}").getInt("a"));
        assertThrows(IllegalArgumentException.class, () -> JsonText.tree("[]"));
        assertThrows(IllegalArgumentException.class, () -> JsonText.tree("{\"a\":1,\"a\":2}"));
        assertThrows(
                IllegalArgumentException.class,
                () -> JsonText.tree("{\"a\":" + "[".repeat(300) + "]".repeat(300) + "}"));
    }

    @Test
    void splitsBatches() throws Exception {
        byte[] batch = " [{\"a\":[1]} , 7]".getBytes(UTF_8);
        assertTrue(Batch.isBatch(batch));
        assertFalse(Batch.isBatch("{}".getBytes(UTF_8)));
        List<byte[]> parts = Batch.split(batch);
        assertEquals("{\"a\":[1]}", new String(parts.get(0), UTF_8));
        assertEquals("7", new String(parts.get(1), UTF_8));
        assertEquals(2, parts.size());
    }

    @Test
    void refusesEmptyHugeAndBrokenBatches() {
        for (String text : List.of("[]", "[" + "{},".repeat(256) + "{}]", "[{}", "[{}]x", "{}")) {
            assertThrows(MalformedMessage.class, () -> Batch.split(text.getBytes(UTF_8)), text);
        }
    }

    @Test
    void knowsTheLegacyRevisions() {
        assertEquals(List.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"), Revision.versions());
        assertEquals(Optional.empty(), Revision.of("2026-07-28"));
        assertTrue(Revision.LATEST.isAtLeast(Revision.R2025_06_18));
        assertFalse(Revision.R2025_03_26.isAtLeast(Revision.R2025_06_18));
    }
}

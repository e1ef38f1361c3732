package org.mcpservermanager.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "0",
                "-1",
                "1.50",
                "1E+2",
                "-0.0e-10",
                "12345678901234567890123",
                "true",
                "false",
                "null",
                "\"\"",
                "{\"b\":1,\"a\":[{},[],\"é𝄞\"]}",
                "\"\\\"\\\\\\n\\r\\t\"",
                "\"\\u0000\\u001f\\u007f\"",
                "\"\\ud834\"",
                "\"\\udd1e!\""
            })
    void comesBackAsItWent(String text) {
        assertEquals(text, Json.text(JsonReader.read(text)));
    }

    @Test
    void decodesEveryEscape() {
        Json value = JsonReader.read(" \"\\u00e9\\/\\b\\f\\uD834\\uDD1E\" ");

        assertEquals(new Json.Str("é/\b\f𝄞"), value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[",
                "{]",
                "[1,]",
                "{\"a\":1,}",
                "{\"a\"}",
                "{a:1}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":null,\"a\":2}",
                "01",
                "1.",
                ".5",
                "+1",
                "-",
                "1e",
                "tru",
                "nul",
                "\"",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u00g0\"",
                "\"\t\"",
                "1 2",
                "{} x",
                "NaN",
                "'a'",
                "[1 2]"
            })
    void refusesWhatIsNotJson(String text) {
        assertThrows(IllegalArgumentException.class, () -> JsonReader.read(text));
    }

    @Test
    void bearsDepthButNotAnyDepth() {
        assertEquals(
                256,
                Json.text(JsonReader.read("[".repeat(256) + "]".repeat(256))).indexOf(']'));
        assertThrows(IllegalArgumentException.class, () -> JsonReader.read("[".repeat(100_000)));
    }
}

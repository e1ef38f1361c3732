package org.mcpservermanager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class RawJsonTest {
    @Test
    void changesOneMemberAndNothingElse() {
        String tool =
                " { \"a\":[1, {\"name\":\"no\"}, \"}\\\"]\"] , \"n\\u0061me\" : \"old\\\\\" ,\n\"x\":1e5, \"t\":null}";
        assertEquals(tool.replace("\"old\\\\\"", "\"new\""), RawJson.withMember(tool, "name", "\"new\""));
    }

    @Test
    void readsTheMemberItWouldChange() {
        String twice = "{\"name\":\"a\",\"name\":\"b\"}";
        assertEquals("a", RawJson.string(twice, "name"));
        assertEquals("{\"name\":\"c\",\"name\":\"b\"}", RawJson.withMember(twice, "name", "\"c\""));
    }

    @Test
    void saysWhichMemberIsMissing() {
        assertThrows(IllegalArgumentException.class, () -> RawJson.withMember("{}", "name", "1"));
        assertEquals("", RawJson.string("{\"name\":7}", "name"));
        assertEquals("", RawJson.string("", "name"));
    }
}

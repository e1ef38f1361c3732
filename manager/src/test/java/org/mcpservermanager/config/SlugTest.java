package org.mcpservermanager.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlugTest {
    @ParameterizedTest
    @CsvSource({
        "github,github",
        "GitHub,github",
        "My Server!,my-server",
        "a_b.c/d,a-b-c-d",
        "--x--,x",
        "trailing-,trailing-",
        "Ünï,n",
        "9,9",
        "a--b,a--b",
        "A--B,a-b"
    })
    void makesAnIdOfAName(String name, String id) {
        assertEquals(id, Slug.of(name).orElseThrow().value());
    }

    @ParameterizedTest
    @CsvSource({"''", "-", "日本", "'!?'"})
    void hasNoIdForANameWithoutLetterOrDigit(String name) {
        assertEquals(java.util.Optional.empty(), Slug.of(name));
    }

    @Test
    void cutsLongNames() {
        assertEquals("a".repeat(63), Slug.of("A".repeat(200)).orElseThrow().value());
        assertEquals(
                "a".repeat(62), Slug.of("A".repeat(62) + " tail").orElseThrow().value());
    }
}

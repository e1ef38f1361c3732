package org.mcpservermanager.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameFilterTest {
    @ParameterizedTest
    @CsvSource({
        "read,read,true",
        "read,reads,false",
        "read_*,read_file,true",
        "read_*,read_,true",
        "*_file,read_file,true",
        "*_file,read_files,false",
        "r?ad,read,true",
        "r?ad,rad,false",
        "*,anything,true",
        "a*b*c,aXbXbXc,true",
        "a*b*c,aXbX,false",
        "Read,read,false",
        "a.c,abc,false"
    })
    void fitsByStarAndQuestionMark(String pattern, String name, boolean expected) {
        assertEquals(expected, NameFilter.fits(pattern, name));
    }

    @Test
    void deniesWhatIsBothAllowedAndDenied() {
        NameFilter filter = new NameFilter(List.of("git_*"), List.of("*_push"));
        assertTrue(filter.admits("git_log"));
        assertFalse(filter.admits("git_push"));
        assertFalse(filter.admits("rm"));
    }

    @Test
    void aHostilePatternCostsLittle() {
        String pattern = "*a".repeat(60) + "*b";
        assertTimeoutPreemptively(
                Duration.ofSeconds(5), () -> assertFalse(NameFilter.fits(pattern, "a".repeat(20_000))));
    }
}

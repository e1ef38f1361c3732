package org.mcpservermanager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UriTemplateTest {
    @ParameterizedTest
    @CsvSource({
        "test://template/{id}/data, test://template/7/data, EXACT",
        "test://template/{id}/data, test://template//data, NO",
        "test://template/{id}/data, test://template/7/datum, NO",
        "test://template/{id}/data, test://template/a/b/data, LOOSE",
        "file:///{path}, file:///a/b.txt, LOOSE",
        "file:///{+path}, file:///a/b.txt, EXACT",
        "file:///{+path}, file:///, EXACT",
        "{scheme}://x, db://x, EXACT",
        "a{?q}, a?q=1, EXACT",
        "a{b}{c}d, axyd, EXACT",
        "a{b}{c}d, axd, NO",
        "plain, plain, EXACT",
        "plain, plain2, NO",
        "a{b, a{b, EXACT",
    })
    void fits(String template, String uri, UriTemplate.Fit fit) {
        assertEquals(fit, new UriTemplate(template).fit(uri));
    }

    @Test
    void fitsNothingWhenItHasTooManyParts() {
        assertEquals(UriTemplate.Fit.NO, new UriTemplate("{a}a".repeat(60)).fit("a".repeat(200)));
    }

    @Test
    void takesNoLongerForHostileTemplates() {
        UriTemplate hostile = new UriTemplate("{a}a".repeat(30) + "!");
        assertTimeoutPreemptively(
                Duration.ofSeconds(2), () -> assertEquals(UriTemplate.Fit.NO, hostile.fit("a".repeat(8000))));
    }
}

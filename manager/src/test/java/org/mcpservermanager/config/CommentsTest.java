package org.mcpservermanager.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommentsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "{}|{}",
                "{}//x|{}   ",
                "/*a*/[1]/**/|     [1]    ",
                "[1,]|[1 ]",
                "[1, /*,*/ ]|[1        ]",
                "{\"a\":[1,],}|{\"a\":[1 ] }",
                "[\"//no\"]|[\"//no\"]",
                "[\"/*no*/\",]|[\"/*no*/\" ]",
                "[\"\\\"//no\",]|[\"\\\"//no\" ]",
                "[\"\\\\\"//yes|[\"\\\\\"     ",
                "[\",]\"]|[\",]\"]",
                "[1,2]|[1,2]",
                "[1,,]|[1,,]",
                "[,]|[,]",
                "{,}|{,}",
                "{\"a\":,}|{\"a\":,}",
                "[1/2]|[1/2]",
                "/*|/*",
                "\"open|\"open",
                "\"open\\|\"open\\",
                "/|/"
            })
    void blanksCommentsAndTrailingCommasOnly(String text, String blanked) {
        assertEquals(blanked, Comments.blanked(text));
    }

    @Test
    void keepsLinesWhereTheyWere() {
        assertEquals("{   \n    \n   \"a\":1 \r\n}", Comments.blanked("{ //\n/* a\n*/ \"a\":1,\r\n}"));
    }
}

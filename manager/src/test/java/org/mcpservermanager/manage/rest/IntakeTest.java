package org.mcpservermanager.manage.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.server.ProblemException;

class IntakeTest {
    private static String text(String type, byte[] body, int max) throws IOException {
        return Intake.text(type, new ByteArrayInputStream(body), max);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String codeOf(Executable reading) {
        return assertThrows(ProblemException.class, reading).problem().code();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/json", "Application/JSON; charset=UTF-8", "application/json;charset=\"utf-8\""})
    void takesJsonInUtf8(String type) throws IOException {
        assertEquals("{\"ä\":1}", text(type, utf8("{\"ä\":1}"), 100));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data",
                "application/json; charset=utf-16",
                "application/jsonp",
                "text/plain; application/json"
            })
    void refusesEveryOtherType(String type) {
        assertEquals("unsupported_media_type", codeOf(() -> text(type, utf8("{}"), 100)));
    }

    @Test
    void takesNoBodyWithoutAType() throws IOException {
        assertEquals("", text(null, new byte[0], 100));
    }

    @Test
    void refusesAByteMoreThanTheLimit() throws IOException {
        assertEquals("{}", text("application/json", utf8("{}"), 2));
        assertEquals("too_large", codeOf(() -> text("application/json", utf8("{} "), 2)));
    }

    @Test
    void refusesWhatIsNotUtf8() {
        byte[] overlong = {'{', '"', (byte) 0xc0, (byte) 0xaf, '"', ':', '1', '}'};
        assertEquals("invalid_request", codeOf(() -> text("application/json", overlong, 100)));
        assertEquals(
                "invalid_request", codeOf(() -> text("application/json", "{}".getBytes(StandardCharsets.UTF_16), 100)));
        assertEquals("invalid_request", codeOf(() -> text("application/json", utf8("\ufeff{}"), 100)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{}}",
                "{} {}",
                "{}x",
                "[]",
                "\"a\"",
                "null",
                "{\"a\":1,\"a\":2}",
                "{\"o\":{\"a\":1,\"a\":2}}",
                "{\"o\":[{\"a\":1,\"\\u0061\":2}]}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":1,}",
                "{\"a\":01}",
                "{\"a\":NaN}",
                "{\"a\":\"\t\"}",
                "// comment\n{}"
            })
    void refusesWhatIsNotExactlyOneObject(String body) {
        assertEquals("invalid_request", codeOf(() -> Intake.object(body)));
    }

    @Test
    void refusesDepthBeforeParsingIt() {
        String deep = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        ProblemException refusal = assertThrows(ProblemException.class, () -> Intake.object(deep));
        assertTrue(refusal.getMessage().contains("deeper"), refusal.getMessage());
        assertEquals(
                1,
                Intake.object("{\"a\":" + "[".repeat(63) + "]".repeat(63) + "}").size());
        assertEquals(
                1, Intake.object("{\"a\":\"" + "[{".repeat(500) + "\\\"[\"}").size());
    }

    @Test
    void refusesNumbersThatTheParserStumblesOn() {
        assertEquals("invalid_request", codeOf(() -> Intake.object("{\"a\":" + "1".repeat(20_000) + "}")));
    }
}

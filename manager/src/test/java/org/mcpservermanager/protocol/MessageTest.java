package org.mcpservermanager.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {
    private static Message parse(String text) throws MalformedMessage {
        return Message.parse(text.getBytes(UTF_8));
    }

    private static String text(Message message) {
        return new String(message.bytes(), UTF_8);
    }

    @Test
    void readsTheEnvelopeOfARequest() throws Exception {
        Message m = parse(
                "{\"x\":[1],\"params\":{\"name\":\"e\\u0063ho\",\"arguments\":{\"id\":9},\"_meta\":{\"progressToken\":\"t\"}},"
                        + "\"id\":7,\"method\":\"tools/call\",\"jsonrpc\":\"2.0\"}");
        assertEquals(Message.Kind.REQUEST, m.kind());
        assertEquals("7", m.id());
        assertEquals(7, m.plainId());
        assertEquals("tools/call", m.method());
        assertEquals("echo", m.param("name"));
        assertEquals("{\"id\":9}", m.rawParam("arguments"));
        assertEquals("", m.param("arguments"));
        assertEquals("\"t\"", m.progressToken());
        assertEquals(-1, m.plainProgressToken());
        assertEquals("", m.rawParam("absent"));
    }

    @Test
    void tellsTheKindsApart() throws Exception {
        assertEquals(
                Message.Kind.NOTIFICATION,
                parse("{\"jsonrpc\":\"2.0\",\"method\":\"m\"}").kind());
        assertEquals(
                Message.Kind.RESULT,
                parse("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"result\":{}}").kind());
        Message error = parse("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":1,\"message\":\"\"}}");
        assertEquals(Message.Kind.ERROR, error.kind());
        assertEquals("", error.id());
        assertEquals("{\"code\":1,\"message\":\"\"}", error.error());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "-5",
                "9007199254740993",
                "123456789012345678901234567890",
                "\"\"",
                "\"a b\"",
                "\"\\u0041\\\"\\\\\"",
                "\"漢\uD83D\uDE00\"",
                "\"7\""
            })
    void keepsEveryLegalIdByteForByte(String id) throws Exception {
        Message m = parse("{\"jsonrpc\":\"2.0\",\"id\": " + id + " ,\"method\":\"m\"}");
        assertEquals(id, m.id());
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\": 42 ,\"method\":\"m\"}", text(m.withId("42")));
        assertEquals(text(m), text(m.withId("42").withId(id)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "7 | 7",
                "\"7\" | -1",
                "-1 | -1",
                "999999999999999999 | 999999999999999999",
                "1234567890123456789 | -1",
                "18446744073709551623 | -1"
            })
    void takesOnlyPlainIdsForOurs(String id, long plain) throws Exception {
        assertEquals(
                plain,
                parse("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{}}").plainId());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "nonsense",
                "[]",
                "\"a\"",
                "{",
                "{}x",
                "{\"a\":1,}",
                "{\"a\" 1}",
                "{a:1}",
                "{\"a\":01}",
                "{\"a\":1.}",
                "{\"a\":.5}",
                "{\"a\":-}",
                "{\"a\":1e}",
                "{\"a\":+1}",
                "{\"a\":NaN}",
                "{\"a\":tru}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12g4\"}",
                "{\"a\":\"\\u12",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\n\"}",
                "{\"a\":[1 2]}",
                "{\"a\":[1}",
                "{\"a\":{]}",
                "{\"a\":[1,]}",
                "{\"a\":\"",
                "{\"a\":'b'}",
                "\uFEFF{}",
                "{/**/}",
                "{}{}",
                "{\"a\":\0}"
            })
    void refusesWhatIsNotOneJsonObject(String text) {
        MalformedMessage e = assertThrows(MalformedMessage.class, () -> parse(text));
        assertEquals(RpcError.PARSE_ERROR, e.error().code(), e.getMessage());
        assertTrue(e.getMessage().contains(" at byte "), e.getMessage());
        assertTrue(e.getMessage().contains("(expected: "), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"m\"}",
                "{\"jsonrpc\":2.0,\"id\":1,\"method\":\"m\"}",
                "{\"id\":1,\"method\":\"m\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}",
                "{\"jsonrpc\":\"2.0\",\"id\":1.0,\"method\":\"m\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1e3,\"method\":\"m\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"m\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":[1],\"method\":\"m\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":true,\"method\":\"m\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":[]}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":7}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"_meta\":7}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{},\"error\":{}}",
                "{\"jsonrpc\":\"2.0\",\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":null}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":\"x\"}",
                "{\"jsonrpc\":\"2.0\",\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"id\":2}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"m\\u0065thod\":\"n\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"name\":1,\"na\\u006de\":2}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"_meta\":{\"a\":1,\"a\":2}}}"
            })
    void refusesWhatIsNotAMessage(String text) {
        MalformedMessage e = assertThrows(MalformedMessage.class, () -> parse(text));
        assertEquals(RpcError.INVALID_REQUEST, e.error().code(), e.getMessage());
    }

    @Test
    void namesTheIdToAnswerAMalformedRequestWith() {
        MalformedMessage e = assertThrows(
                MalformedMessage.class, () -> parse("{\"id\":\"a\\u0041\",\"method\":\"m\",\"params\":3}"));
        assertEquals("\"a\\u0041\"", e.id());
        MalformedMessage twice = assertThrows(
                MalformedMessage.class, () -> parse("{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"m\"}"));
        assertEquals("", twice.id());
    }

    @Test
    void tellsWhereTheTextBreaks() {
        MalformedMessage e = assertThrows(MalformedMessage.class, () -> parse("{\"jsonrpc\":\"2.0\",?"));
        assertEquals("Parse error: '?' at byte 17 (expected: a member name in quotes)", e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80",
                "C0 80",
                "C1 BF",
                "C3",
                "E0 80 80",
                "E0 9F BF",
                "ED A0 80",
                "EF BF",
                "F0 80 80 80",
                "F0 8F BF BF",
                "F4 90 80 80",
                "F5 80 80 80",
                "FF",
                "C3 28",
                "E2 28 A1",
                "F0 9F 98",
                "E2 82 28"
            })
    void refusesInvalidUtf8(String hex) {
        byte[] bad = new byte[hex.split(" ").length];
        int k = 0;
        for (String octet : hex.split(" ")) {
            bad[k++] = (byte) Integer.parseInt(octet, 16);
        }
        byte[] head = "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"x\":\"some text before".getBytes(UTF_8);
        byte[] tail = "\"}".getBytes(UTF_8);
        byte[] all = Arrays.copyOf(head, head.length + bad.length + tail.length);
        System.arraycopy(bad, 0, all, head.length, bad.length);
        System.arraycopy(tail, 0, all, head.length + bad.length, tail.length);
        MalformedMessage e = assertThrows(MalformedMessage.class, () -> Message.parse(all));
        assertTrue(e.getMessage().contains("at byte " + head.length + " (expected: valid UTF-8)"), e.getMessage());
    }

    @Test
    void takes256LevelsAndNotMore() throws Exception {
        String deepest = "[".repeat(255) + "]".repeat(255);
        String call = "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"x\":%s}";
        assertEquals(
                Message.Kind.NOTIFICATION, parse(String.format(call, deepest)).kind());
        MalformedMessage e =
                assertThrows(MalformedMessage.class, () -> parse(String.format(call, "[" + deepest + "]")));
        assertTrue(e.getMessage().contains("deeper than 256 levels"), e.getMessage());
        String mixed = "{\"a\":[".repeat(100) + "1" + "]}".repeat(100);
        assertEquals(
                Message.Kind.NOTIFICATION, parse(String.format(call, mixed)).kind());
        assertThrows(
                MalformedMessage.class,
                () -> parse(String.format(call, "{\"a\":[".repeat(100) + "1" + "}]".repeat(100))));
    }

    @Test
    void takes1024MembersAndNotMore() throws Exception {
        StringBuilder members = new StringBuilder("\"m0\":0");
        for (int i = 1; i < 1024; i++) {
            members.append(",\"m").append(i).append("\":0");
        }
        String head = "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":{";
        assertEquals("0", parse(head + members + "}}").rawParam("m1023"));
        assertThrows(MalformedMessage.class, () -> parse(head + members + ",\"one\":0}}"));
        assertThrows(MalformedMessage.class, () -> parse(head + members.substring(0, 200) + "0,\"m5\":0}}"));
    }

    @Test
    void becomesOneLine() throws Exception {
        Message m = parse("\r\n{\r\n  \"jsonrpc\": \"2.0\",\n  \"method\": \"a\\nb\"\n}\n");
        assertEquals("{    \"jsonrpc\": \"2.0\",   \"method\": \"a\\nb\" }", text(m));
        assertEquals(
                "{\"a\": 1}",
                parse("{\"jsonrpc\":\"2.0\",\"method\":\"m\"}")
                        .withParam("p", "{\"a\":\n1}")
                        .rawParam("p"));
    }

    @Test
    void doesNotCopyALineThatIsRightAlready() throws Exception {
        byte[] bytes = "{\"jsonrpc\":\"2.0\",\"method\":\"m\"}".getBytes(UTF_8);
        assertTrue(Message.parse(bytes).bytes() == bytes);
    }

    @Test
    void acceptsNullParamsAsNone() throws Exception {
        Message m = parse("{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":null}");
        assertEquals("", m.params());
        assertEquals("{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":{\"a\":1}}", text(m.withParam("a", "1")));
    }

    @Test
    void addsAndReplacesParams() throws Exception {
        Message bare = parse("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\"}");
        assertEquals("{\"a\":1}", bare.withParam("a", "1").params());
        Message m =
                parse("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{ \"name\" : \"old\", \"x\":1e400}}");
        assertEquals(
                "{ \"name\" : \"new\", \"x\":1e400}",
                m.withParam("name", "\"new\"").params());
        assertEquals("new", m.withParam("name", "\"new\"").param("name"));
        assertEquals(
                "{\"u\":[], \"name\" : \"old\", \"x\":1e400}",
                m.withParam("u", "[]").params());
        assertEquals("{ \"name\" : \"old\", \"x\":2}", m.withParam("x", "2").params());
        assertThrows(IllegalArgumentException.class, () -> m.withParam("x", "1,\"y\":2"));
        assertThrows(IllegalArgumentException.class, () -> m.withId("1,\"y\":2"));
        assertThrows(IllegalArgumentException.class, () -> m.withId("null"));
    }

    @Test
    void replacesAndAddsProgressTokens() throws Exception {
        Message m = parse(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"_meta\":{\"a\":1, \"progressToken\" :\"é\"}}}");
        assertEquals(
                "{\"_meta\":{\"a\":1, \"progressToken\" :5}}",
                m.withProgressToken("5").params());
        assertEquals(5, m.withProgressToken("5").plainProgressToken());
        assertEquals(text(m), text(m.withProgressToken("5").withProgressToken(m.progressToken())));
        Message progress = parse(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":5,\"progress\":1}}");
        assertEquals(5, progress.plainProgressToken());
        assertEquals(
                "{\"progressToken\":\"é\",\"progress\":1}",
                progress.withProgressToken("\"é\"").params());
        Message none = parse("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"_meta\":{\"a\":1}}}");
        assertEquals(
                "{\"_meta\":{\"progressToken\":5,\"a\":1}}",
                none.withProgressToken("5").params());
        Message bare = parse("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\"}");
        assertEquals(
                "{\"_meta\":{\"progressToken\":5}}", bare.withProgressToken("5").params());
    }

    @Test
    void buildsMessages() throws Exception {
        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{}}", text(Message.request("1", "m", "{}")));
        assertEquals("{\"jsonrpc\":\"2.0\",\"method\":\"m\"}", text(Message.notification("m", "")));
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"result\":{}}", text(Message.result("\"a\"", "{}")));
        RpcError error = new RpcError(-32010, "not \"there\"\n", "{\"a\":1}");
        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32010,\"message\":\"not \\\"there\\\"\\n\",\"data\":{\"a\":1}}}",
                text(Message.error("", error)));
        assertEquals("7", parse(text(Message.error("", error))).withId("7").id());
        assertThrows(IllegalArgumentException.class, () -> Message.result("1", "{},\"x\":1"));
        assertThrows(IllegalArgumentException.class, () -> Message.notification("m", "[]"));
        assertThrows(
                IllegalStateException.class, () -> Message.notification("m", "").withId("1"));
    }

    @Test
    void neverShowsItsContent() {
        assertFalse(Message.request("1", "m", "{\"a\":\"secret\"}").toString().contains("secret"));
    }
}

package org.mcpservermanager.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.stream.JsonParser;
import java.io.StringReader;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessagePropertyTest {
    private static final long BUDGET_NANOS = 700_000_000L;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final RandomJson json = new RandomJson(random);

    @Test
    void everythingButTheAddressSurvivesByteForByte() throws Exception {
        for (long end = System.nanoTime() + BUDGET_NANOS; System.nanoTime() < end; ) {
            String id = json.pick("1", "-9", "123456789012345678901", json.string(), "\"\\u00e9\"");
            String token = json.pick("3", "\"\"", json.string());
            String meta = "\"_meta\":" + json.space() + json.object(1, "\"progressToken\":" + json.space() + "@TOKEN@");
            String template = json.object(
                    2,
                    "\"jsonrpc\":\"2.0\"",
                    "\"id\":" + json.space() + "@ID@",
                    "\"method\":\"tools/call\"",
                    "\"params\":" + json.object(3, "\"name\":\"@NAME@\"", meta));
            String text = template.replace("@ID@", id).replace("@TOKEN@", token);
            String line = text.replace('\n', ' ').replace('\r', ' ');
            Message m = Message.parse(text.getBytes(UTF_8));
            assertEquals(line, new String(m.bytes(), UTF_8), seedText());
            assertEquals(id, m.id(), seedText());
            assertEquals(token, m.progressToken(), seedText());
            String sent = template.replace("@ID@", "77")
                    .replace("@TOKEN@", "88")
                    .replace('\n', ' ')
                    .replace('\r', ' ');
            assertEquals(sent, new String(m.addressed("77", "88").bytes(), UTF_8), seedText());
            assertEquals(
                    sent.replace("@NAME@", "n"),
                    new String(
                            m.withParam("name", "\"n\"")
                                    .withId("77")
                                    .withProgressToken("88")
                                    .bytes(),
                            UTF_8),
                    seedText());
            assertEquals(
                    line,
                    new String(m.addressed("77", "88").addressed(id, token).bytes(), UTF_8),
                    seedText());
        }
    }

    @Test
    void agreesWithAnotherParserOnDamagedText() {
        for (long end = System.nanoTime() + BUDGET_NANOS; System.nanoTime() < end; ) {
            StringBuilder text = new StringBuilder(json.object(3, "\"jsonrpc\":\"2.0\"", "\"method\":\"m\""));
            for (int hits = random.nextInt(3); hits > 0; hits--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 ->
                        text.insert(at, json.pick("{", "}", "[", "]", ",", ":", "\"", "0", "-", "e", "\\", "a", "."));
                    default -> text.setLength(at + 1);
                }
            }
            String damaged = new String(text.toString().getBytes(UTF_8), UTF_8);
            assertEquals(isObject(damaged), isWellFormed(damaged), () -> seedText() + "\n" + damaged);
        }
    }

    @Test
    void survivesAnyBytes() {
        for (long end = System.nanoTime() + BUDGET_NANOS / 2; System.nanoTime() < end; ) {
            byte[] bytes = json.object(3, "\"jsonrpc\":\"2.0\"", "\"id\":1", "\"method\":\"m\"")
                    .getBytes(UTF_8);
            for (int hits = 1 + random.nextInt(4); hits > 0; hits--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            byte[] before = bytes.clone();
            try {
                Message m = Message.parse(bytes);
                // what was accepted is valid UTF-8: decoding and encoding changes nothing
                assertEquals(m.length(), new String(m.bytes(), UTF_8).getBytes(UTF_8).length, seedText());
            } catch (MalformedMessage e) {
                assertTrue(e.error().code() <= RpcError.INVALID_REQUEST, seedText());
            } catch (RuntimeException e) {
                throw new AssertionError(
                        seedText() + " " + java.util.HexFormat.of().formatHex(before), e);
            }
        }
    }

    private static boolean isObject(String text) {
        // in an array, as this parser does not look behind the value; by events, as it cannot hold every legal number
        try (JsonParser parser = Json.createParser(new StringReader("[" + text + "]"))) {
            int depth = 0;
            int values = 0;
            boolean object = false;
            while (parser.hasNext()) {
                JsonParser.Event event = parser.next();
                boolean opens = event == JsonParser.Event.START_OBJECT || event == JsonParser.Event.START_ARRAY;
                boolean closes = event == JsonParser.Event.END_OBJECT || event == JsonParser.Event.END_ARRAY;
                if (depth == 1 && !closes) {
                    values++;
                    object = event == JsonParser.Event.START_OBJECT;
                }
                depth += opens ? 1 : closes ? -1 : 0;
            }
            return values == 1 && object && depth == 0;
        } catch (JsonException e) {
            return false;
        }
    }

    private static boolean isWellFormed(String text) {
        try {
            Message.parse(text.getBytes(UTF_8));
            return true;
        } catch (MalformedMessage e) {
            return e.error().code() != RpcError.PARSE_ERROR;
        }
    }

    private String seedText() {
        return "-Dseed=" + seed;
    }
}

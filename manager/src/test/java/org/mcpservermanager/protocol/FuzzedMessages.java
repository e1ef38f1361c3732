package org.mcpservermanager.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.stream.JsonParser;
import java.io.StringReader;
import org.mcpservermanager.fuzz.Target;

/** What is accepted is JSON to another parser too, stays what it was when it is re-addressed, and can be read again. */
public final class FuzzedMessages implements Target {
    @Override
    public String name() {
        return "messages";
    }

    @Override
    public String read(byte[] input) throws Exception {
        Message message;
        try {
            message = Message.parse(input);
        } catch (MalformedMessage e) {
            assertTrue(e.error().code() == RpcError.PARSE_ERROR || e.error().code() == RpcError.INVALID_REQUEST);
            return e.error().code() + " "
                    + e.error().message().replaceAll("[0-9]+", "#").replaceAll("\".*\"", "*");
        }
        String text = new String(message.bytes(), UTF_8);
        assertArrayEquals(message.bytes(), text.getBytes(UTF_8), "is no UTF-8");
        assertEquals(-1, text.indexOf('\n'));
        readByAnother(text);
        Message again = Message.parse(message.bytes().clone());
        assertEquals(message.kind(), again.kind());
        assertEquals(message.id(), again.id());
        assertEquals(message.method(), again.method());
        if (!message.id().isEmpty()) {
            Message there = message.addressed("4711", "\"t\"");
            assertEquals("4711", there.id());
            Message back = message.progressToken().isEmpty() || message.method().equals(Method.PROGRESS)
                    ? there.withId(message.id())
                    : there.addressed(message.id(), message.progressToken());
            assertArrayEquals(message.bytes(), back.bytes());
        }
        if (message.kind() == Message.Kind.REQUEST) {
            assertEquals("n\"", readParam(message));
        }
        return message.kind() + " " + !message.params().isEmpty()
                + !message.progressToken().isEmpty() + !message.param("name").isEmpty()
                + !message.param("uri").isEmpty();
    }

    /** A request whose params are no object cannot be given a name. */
    private static String readParam(Message message) throws MalformedMessage {
        Message named = message.withParam("name", "\"n\\\"\"");
        return Message.parse(named.bytes().clone()).param("name");
    }

    private static void readByAnother(String text) {
        try (JsonParser parser = Json.createParser(new StringReader(text))) {
            while (parser.hasNext()) {
                parser.next();
            }
        }
    }
}

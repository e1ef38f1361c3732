package org.mcpservermanager.config;

import jakarta.json.JsonConfig;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonStructure;
import jakarta.json.stream.JsonParsingException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.mcpservermanager.server.Json;
import org.mcpservermanager.server.Text;

/** Reads JSON strictly: valid UTF-8, one object or array, no duplicate keys, at most 64 levels, at most 1 MiB. */
final class JsonText {
    static final int BYTES_MAX = 1 << 20;
    static final int DEPTH_MAX = 64;

    private JsonText() {}

    /** The text is not what was expected; the message says what and where, never the content. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    static JsonStructure read(byte[] bytes, boolean commentsToo) throws Malformed {
        if (bytes.length > BYTES_MAX) {
            throw new Malformed("more than " + BYTES_MAX + " bytes (expected: at most 1 MiB)");
        }
        String text = decode(bytes);
        return read(commentsToo ? Comments.blanked(withoutMark(text)) : text);
    }

    static JsonStructure read(String json) throws Malformed {
        checkOutline(json);
        // Per call, not static: the factory holds on to the class loader of the application.
        JsonReaderFactory factory =
                Json.createReaderFactory(Map.of(JsonConfig.KEY_STRATEGY, JsonConfig.KeyStrategy.NONE));
        try (JsonReader reader = factory.createReader(new StringReader(json))) {
            return reader.read();
        } catch (JsonParsingException e) {
            throw new Malformed("not JSON at line " + e.getLocation().getLineNumber() + ", column "
                    + e.getLocation().getColumnNumber() + " (" + Text.oneLine(e.getMessage(), 120) + ")");
        } catch (RuntimeException e) {
            // Parsers tell a duplicate key, and some limits of their own, by exceptions of other kinds.
            throw new Malformed("not JSON (" + Text.oneLine(String.valueOf(e.getMessage()), 120) + ")");
        }
    }

    private static String decode(byte[] bytes) throws Malformed {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Malformed("not valid UTF-8");
        }
    }

    private static String withoutMark(String text) {
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    /** Depth, and that nothing follows the value: parsers differ in both. */
    private static void checkOutline(String json) throws Malformed {
        int depth = 0;
        boolean inString = false;
        boolean ended = false;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (ended && !Character.isWhitespace(c)) {
                throw new Malformed("not JSON at character " + (i + 1) + " (expected: the end)");
            }
            if (inString && c == '\\') {
                i++;
            } else if (c == '"') {
                inString = !inString;
            } else if (!inString && (c == '{' || c == '[')) {
                depth++;
            } else if (!inString && (c == '}' || c == ']')) {
                depth--;
                ended = depth == 0;
            }
            if (depth > DEPTH_MAX) {
                throw new Malformed("nested deeper than " + DEPTH_MAX + " levels");
            }
        }
    }
}

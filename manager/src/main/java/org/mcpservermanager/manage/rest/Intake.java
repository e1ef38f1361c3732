package org.mcpservermanager.manage.rest;

import jakarta.json.JsonConfig;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import org.mcpservermanager.server.Json;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.Text;

/** Reads request bodies so strictly that no two readers could understand them differently. */
final class Intake {
    private static final int DEPTH_MAX = 64;
    private static final Pattern JSON_TYPE =
            Pattern.compile("application/json\\s*(;\\s*charset\\s*=\\s*\"?utf-8\"?\\s*)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern JSON_SPACE = Pattern.compile("[ \\t\\r\\n]*");
    private static final JsonReaderFactory READERS =
            Json.createReaderFactory(Map.of(JsonConfig.KEY_STRATEGY, JsonConfig.KeyStrategy.NONE));

    private Intake() {}

    /** The text of a body; empty for none. */
    static String text(String contentType, InputStream body, int bytesMax) throws IOException {
        byte[] bytes = body.readNBytes(bytesMax + 1);
        if (bytes.length > bytesMax) {
            throw refusal(Statuses.TOO_LARGE, "The body is longer than " + bytesMax + " bytes.", "Send less.");
        }
        if (bytes.length == 0) {
            return "";
        }
        if (contentType == null || !JSON_TYPE.matcher(contentType.strip()).matches()) {
            throw refusal(
                    Statuses.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Type: " + (contentType == null ? "none" : "'" + Text.oneLine(contentType, 80) + "'")
                            + " (expected: application/json)",
                    "Send JSON in UTF-8 and say so in Content-Type.");
        }
        return decode(bytes);
    }

    static JsonObject object(String text) {
        requireOneShallowObject(text);
        // Parsson throws other RuntimeExceptions than its own for some malformed numbers; all of them are the sender's
        // fault.
        try (JsonReader reader = READERS.createReader(new StringReader(text))) {
            return reader.readObject();
        } catch (JsonException e) {
            throw malformed(Text.oneLine(String.valueOf(e.getMessage()), 200));
        } catch (RuntimeException e) {
            throw malformed("not JSON");
        }
    }

    private static String decode(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (text.startsWith("\ufeff")) {
                throw malformed("it starts with a byte order mark");
            }
            return text;
        } catch (CharacterCodingException e) {
            throw malformed("not UTF-8");
        }
    }

    /** Before parsing, because the parser's own depth limit is too high and it does not look at what follows the value. */
    private static void requireOneShallowObject(String text) {
        if (!text.stripLeading().startsWith("{")) {
            throw malformed("it is not an object");
        }
        int depth = 0;
        boolean inString = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (inString) {
                i += c == '\\' ? 1 : 0;
                inString = c != '"';
            } else if (c == '"') {
                inString = true;
            } else if (c == '{' || c == '[') {
                requireShallow(++depth);
            } else if ((c == '}' || c == ']') && --depth == 0) {
                requireNothing(text, i + 1);
                return;
            }
        }
    }

    private static void requireShallow(int depth) {
        if (depth > DEPTH_MAX) {
            throw malformed("it is nested deeper than " + DEPTH_MAX);
        }
    }

    private static void requireNothing(String text, int from) {
        if (!JSON_SPACE.matcher(text.substring(from)).matches()) {
            throw malformed("something follows the object");
        }
    }

    private static ProblemException malformed(String why) {
        return refusal(
                Problem.INVALID_REQUEST,
                "The body was not understood: " + why + ".",
                "Send one JSON object in UTF-8 without duplicate keys.");
    }

    private static ProblemException refusal(String code, String message, String remedy) {
        return new ProblemException(new Problem(code, message, remedy));
    }
}

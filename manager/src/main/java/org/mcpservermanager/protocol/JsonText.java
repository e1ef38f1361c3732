package org.mcpservermanager.protocol;

import jakarta.json.Json;
import jakarta.json.JsonConfig;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Raw JSON text, read and written without a tree where that suffices. Text that is not JSON is an IllegalArgumentException. */
public final class JsonText {
    private static final String SHORT_ESCAPES = "\"\"\\\\//b\bf\fn\nr\rt\t";

    private JsonText() {}

    /** The JSON string that means {@code text}. */
    public static String quote(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c >= ' ' && !isLoneSurrogate(text, i)) {
                out.append(c);
            } else if (c == '\n') {
                out.append("\\n");
            } else {
                out.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    out.append(Character.forDigit(c >> shift & 0xF, 16));
                }
            }
        }
        return out.append('"').toString();
    }

    private static boolean isLoneSurrogate(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 >= text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }

    /** What a raw JSON string means; empty when {@code rawJson} is not a string. */
    public static String unquote(String rawJson) {
        byte[] bytes = checked(rawJson).strip().getBytes(StandardCharsets.UTF_8);
        return unquote(bytes, 0, bytes.length);
    }

    static String unquote(byte[] bytes, int start, int end) {
        if (end - start < 2 || bytes[start] != '"') {
            return "";
        }
        return unescape(bytes, start + 1, end - 1);
    }

    /** Decodes the inside of a checked string. */
    static String unescape(byte[] bytes, int start, int end) {
        String text = new String(bytes, start, end - start, StandardCharsets.UTF_8);
        int next = text.indexOf('\\');
        if (next < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        int from = 0;
        while (next >= 0) {
            out.append(text, from, next);
            char c = text.charAt(next + 1);
            if (c == 'u') {
                out.append((char) Integer.parseInt(text, next + 2, next + 6, 16));
                from = next + 6;
            } else {
                out.append(SHORT_ESCAPES.charAt(SHORT_ESCAPES.indexOf(c) + 1));
                from = next + 2;
            }
            next = text.indexOf('\\', from);
        }
        return out.append(text, from, text.length()).toString();
    }

    /** Raw JSON text of a member of an object; empty when absent, or when {@code rawObject} is not an object. */
    public static String member(String rawObject, String name) {
        byte[] bytes = rawObject.getBytes(StandardCharsets.UTF_8);
        if (!startsWith(bytes, '{')) {
            return "";
        }
        long span = Members.find(bytes, first(bytes), bytes.length, name);
        return span == Members.ABSENT ? "" : text(bytes, Members.start(span), Members.end(span));
    }

    /** Raw JSON text of every member, in order; of a name that occurs twice the last. */
    public static Map<String, String> members(String rawObject) {
        byte[] bytes = checked(rawObject).getBytes(StandardCharsets.UTF_8);
        Map<String, String> members = new LinkedHashMap<>();
        try {
            Members.visit(bytes, first(bytes), bytes.length, (name, start, end) -> {
                members.put(name, text(bytes, start, end));
                return true;
            });
        } catch (MalformedMessage e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return members;
    }

    /** The same object with the member replaced or added; everything else stays byte for byte. */
    public static String with(String rawObject, String name, String rawJson) {
        byte[] bytes = checked(rawObject).getBytes(StandardCharsets.UTF_8);
        Envelope.Edit edit = Members.put(bytes, first(bytes), bytes.length, name, checked(rawJson));
        return new String(edit.of(bytes), StandardCharsets.UTF_8);
    }

    /** The same object without these members; the others keep their order and the bytes of their values. */
    public static String without(String rawObject, Set<String> names) {
        Map<String, String> members = members(rawObject);
        return members.keySet().removeAll(names) ? object(members) : rawObject;
    }

    /** The object of these members, whose values are raw JSON text. */
    public static String object(Map<String, String> members) {
        StringBuilder out = new StringBuilder("{");
        members.forEach((name, value) -> out.append(out.length() > 1 ? "," : "")
                .append(quote(name))
                .append(':')
                .append(checked(value)));
        return out.append('}').toString();
    }

    /** Raw JSON text of every element of an array, in order. */
    public static List<String> elements(String rawArray) {
        List<String> elements = new ArrayList<>();
        byte[] bytes = rawArray.getBytes(StandardCharsets.UTF_8);
        try {
            for (long span : Batch.elements(bytes, Integer.MAX_VALUE)) {
                elements.add(text(bytes, Members.start(span), Members.end(span)));
            }
        } catch (MalformedMessage e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return elements;
    }

    /** The tree of an object, for the few places that change content; a duplicate member is refused. */
    public static JsonObject tree(String rawObject) {
        // our scan bounds the depth, on which the parser recurses
        try (JsonReader reader = Trees.READERS.createReader(new StringReader(checked(rawObject)))) {
            return reader.readObject();
        } catch (JsonException e) {
            throw new IllegalArgumentException("not a JSON object: " + e.getMessage(), e);
        }
    }

    /** Finding the JSON provider is slow, and most of what is here needs none. */
    private static final class Trees {
        static final JsonReaderFactory READERS =
                Json.createReaderFactory(Map.of(JsonConfig.KEY_STRATEGY, JsonConfig.KeyStrategy.NONE));
    }

    /** The same text when it is exactly one JSON value. */
    static String checked(String rawJson) {
        byte[] bytes = rawJson.getBytes(StandardCharsets.UTF_8);
        JsonScanner json = new JsonScanner(bytes, 0, bytes.length);
        try {
            json.value(0);
            json.endOfInput();
        } catch (MalformedMessage e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return json.lineBreak() ? rawJson.replace('\n', ' ').replace('\r', ' ') : rawJson;
    }

    /** The same text when it is an id: one string or integer, and nothing else. */
    static String checkedId(String rawId) {
        boolean string = rawId.startsWith("\"") && checked(rawId).endsWith("\"");
        if (!string && !isInteger(rawId)) {
            throw new IllegalArgumentException(
                    "not an id: " + rawId.length() + " characters (expected: a string or an integer)");
        }
        return rawId;
    }

    private static boolean isInteger(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return isInteger(bytes, 0, bytes.length);
    }

    static boolean isInteger(byte[] bytes, int start, int end) {
        int digits = start < end && bytes[start] == '-' ? start + 1 : start;
        for (int i = digits; i < end; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return false;
            }
        }
        return digits < end && (bytes[digits] != '0' || end - digits == 1);
    }

    private static boolean startsWith(byte[] bytes, char c) {
        int first = first(bytes);
        return first < bytes.length && bytes[first] == c;
    }

    private static int first(byte[] bytes) {
        JsonScanner json = new JsonScanner(bytes, 0, bytes.length);
        json.space();
        return json.at();
    }

    private static String text(byte[] bytes, int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }
}

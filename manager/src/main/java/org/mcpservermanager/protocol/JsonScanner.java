package org.mcpservermanager.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A strict walk over JSON bytes (RFC 8259, valid UTF-8) that keeps nothing but its position. */
final class JsonScanner {
    static final int DEPTH_MAX = 256;
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private final byte[] bytes;
    private final int end;
    /** A bit for each open container: set for an array. */
    private final long[] arrays = new long[DEPTH_MAX / 64 + 1];

    private int at;
    private boolean lineBreak;

    JsonScanner(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
    }

    int at() {
        return at;
    }

    /** Whether a line break was passed; inside strings there cannot be one. */
    boolean lineBreak() {
        return lineBreak;
    }

    /** The byte to be read next; 0, which JSON never contains, at the end. */
    byte peek() {
        return at < end ? bytes[at] : 0;
    }

    void space() {
        while (at < end) {
            byte c = bytes[at];
            if (c == '\n' || c == '\r') {
                lineBreak = true;
            } else if (c != ' ' && c != '\t') {
                return;
            }
            at++;
        }
    }

    boolean skip(char c) {
        if (peek() != c) {
            return false;
        }
        at++;
        return true;
    }

    void expect(char c, String expected) throws MalformedMessage {
        if (!skip(c)) {
            throw unexpected(at, expected);
        }
    }

    void endOfInput() throws MalformedMessage {
        space();
        if (at < end) {
            throw unexpected(at, "the end, as one message is one JSON value");
        }
    }

    /** Reads the next member's name and colon; the position is then at its value. */
    String name() throws MalformedMessage {
        space();
        if (peek() != '"') {
            throw unexpected(at, "a member name in quotes");
        }
        int start = at;
        boolean escaped = string();
        String name = escaped
                ? JsonText.unescape(bytes, start + 1, at - 1)
                : new String(bytes, start + 1, at - start - 2, StandardCharsets.UTF_8);
        colon();
        return name;
    }

    /** Whether another member or element follows; otherwise the container was closed. */
    boolean more(char close) throws MalformedMessage {
        space();
        if (skip(',')) {
            return true;
        }
        expect(close, close == '}' ? "',' or '}'" : "',' or ']'");
        return false;
    }

    /** Passes one value that stands inside {@code depth} containers. */
    void value(int depth) throws MalformedMessage {
        int open = depth;
        do {
            open = opened(open);
            while (open > depth && closed(open)) {
                open--;
            }
        } while (open > depth);
    }

    /** Passes a scalar or an empty container, or enters containers up to the first scalar or empty one. */
    private int opened(int depth) throws MalformedMessage {
        int open = depth;
        while (true) {
            space();
            byte c = peek();
            if (c != '{' && c != '[') {
                scalar(c);
                return open;
            }
            if (++open > DEPTH_MAX) {
                throw malformed("deeper than " + DEPTH_MAX + " levels at byte " + at);
            }
            at++;
            space();
            arrays[open >> 6] = c == '[' ? arrays[open >> 6] | 1L << open : arrays[open >> 6] & ~(1L << open);
            if (skip(c == '[' ? ']' : '}')) {
                return open - 1;
            }
            if (c == '{') {
                passName();
            }
        }
    }

    /** After a value inside the container: true when the container ends here, false when the position is at its next value. */
    private boolean closed(int open) throws MalformedMessage {
        boolean array = (arrays[open >> 6] & 1L << open) != 0;
        if (!more(array ? ']' : '}')) {
            return true;
        }
        if (!array) {
            passName();
        }
        return false;
    }

    private void passName() throws MalformedMessage {
        space();
        if (peek() != '"') {
            throw unexpected(at, "a member name in quotes");
        }
        string();
        colon();
    }

    private void colon() throws MalformedMessage {
        space();
        expect(':', "':'");
        space();
    }

    private void scalar(byte c) throws MalformedMessage {
        switch (c) {
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number();
        }
    }

    private void literal(String word) throws MalformedMessage {
        for (int i = 0; i < word.length(); i++) {
            expect(word.charAt(i), word);
        }
    }

    private void number() throws MalformedMessage {
        int start = at;
        skip('-');
        if (!skip('0')) {
            digits(start == at ? "a value" : "a digit");
        }
        if (skip('.')) {
            digits("a digit");
        }
        if (skip('e') || skip('E')) {
            if (!skip('-')) {
                skip('+');
            }
            digits("a digit");
        }
    }

    private void digits(String expected) throws MalformedMessage {
        int start = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        if (at == start) {
            throw unexpected(at, expected);
        }
    }

    /** Passes a string; the position is at its opening quote. True when it has escapes. */
    boolean string() throws MalformedMessage {
        boolean escaped = false;
        int i = at + 1;
        while (true) {
            while (i + 8 <= end && isPlain((long) EIGHT.get(bytes, i))) {
                i += 8;
            }
            if (i >= end) {
                throw unexpected(end, "the closing quote of the string at byte " + at);
            }
            byte c = bytes[i];
            if (c == '"') {
                at = i + 1;
                return escaped;
            }
            if (c == '\\') {
                escaped = true;
                i = escape(i + 1);
            } else if (c >= ' ') {
                i++;
            } else {
                i = c < 0 ? multiByte(i) : refuseControl(i);
            }
        }
    }

    /** No quote, backslash, control character or byte above 127 among the eight; may err on the side of false. */
    private static boolean isPlain(long w) {
        long quotes = (w ^ 0x22 * ONES) - ONES;
        long backslashes = (w ^ 0x5C * ONES) - ONES;
        long controls = w - 0x20 * ONES;
        return ((quotes | backslashes | controls | w) & HIGH_BITS) == 0;
    }

    private int refuseControl(int i) throws MalformedMessage {
        throw unexpected(i, "control characters in strings as \\u escapes");
    }

    private int escape(int i) throws MalformedMessage {
        int c = i < end ? bytes[i] : 0;
        if (c == 'u') {
            for (int k = 1; k <= 4; k++) {
                if (i + k >= end || Character.digit(bytes[i + k], 16) < 0) {
                    throw unexpected(i + k, "four hexadecimal digits after \\u");
                }
            }
            return i + 5;
        }
        if (c == 0 || "\"\\/bfnrt".indexOf(c) < 0) {
            throw unexpected(i, "one of \" \\ / b f n r t u after a backslash");
        }
        return i + 1;
    }

    /** Table 3-7 of the Unicode standard: no overlong forms, no surrogates, nothing above U+10FFFF. */
    private int multiByte(int i) throws MalformedMessage {
        int lead = bytes[i] & 0xFF;
        int low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        int length = lead < 0xC2 || lead > 0xF4 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        boolean valid = length > 0 && i + length <= end && within(i + 1, low, high);
        for (int k = 2; valid && k < length; k++) {
            valid = within(i + k, 0x80, 0xBF);
        }
        if (!valid) {
            throw unexpected(i, "valid UTF-8");
        }
        return i + length;
    }

    private boolean within(int i, int low, int high) {
        int c = bytes[i] & 0xFF;
        return c >= low && c <= high;
    }

    private MalformedMessage unexpected(int where, String expected) {
        if (where >= end) {
            return malformed("ends at byte " + end + " (expected: " + expected + ")");
        }
        int c = bytes[where] & 0xFF;
        String shown = c > ' ' && c < 0x7F ? "'" + (char) c + "'" : String.format(Locale.ROOT, "0x%02X", c);
        return malformed(shown + " at byte " + where + " (expected: " + expected + ")");
    }

    private static MalformedMessage malformed(String what) {
        return new MalformedMessage(RpcError.of(RpcError.PARSE_ERROR, "Parse error: " + what), "");
    }
}

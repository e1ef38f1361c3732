package org.mcpservermanager.gateway;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Takes valid JSON text apart and puts it together by position; values stay byte for byte. */
final class RawJson {
    private final String text;
    private int at;

    private RawJson(String text) {
        this.text = text;
        skipSpace();
    }

    /** Where a member's value stands in the text of its object. */
    private record Span(int from, int to) {}

    /** Raw text of each element; empty when the text is no array. */
    static List<String> elements(String array) {
        List<String> found = new ArrayList<>();
        RawJson scan = new RawJson(array);
        if (!scan.enter('[')) {
            return found;
        }
        while (!scan.leave(']')) {
            Span span = scan.value();
            found.add(array.substring(span.from(), span.to()));
            scan.comma();
        }
        return found;
    }

    /** Raw text of each member's value by its decoded name; empty when the text is no object. The last of equal names counts. */
    static Map<String, String> members(String object) {
        Map<String, String> found = new LinkedHashMap<>();
        spans(object).forEach((name, span) -> found.put(name, object.substring(span.from(), span.to())));
        return found;
    }

    /** Raw text of one member's value; empty when absent. */
    static String member(String object, String name) {
        Span span = spans(object).get(name);
        return span == null ? "" : object.substring(span.from(), span.to());
    }

    /** Replaces the value of a member that is there; everything else stays byte for byte. */
    static String withMember(String object, String name, String rawValue) {
        Span span = spans(object).get(name);
        if (span == null) {
            throw new IllegalArgumentException("no member \"" + name + "\" in " + object.length() + " characters of JSON");
        }
        return object.substring(0, span.from()) + rawValue + object.substring(span.to());
    }

    /** The value of a raw string; empty when it is none. */
    static String string(String raw) {
        if (raw.length() < 2 || raw.charAt(0) != '"') {
            return "";
        }
        return raw.indexOf('\\') < 0 ? raw.substring(1, raw.length() - 1) : unescape(raw);
    }

    static String quote(String value) {
        StringBuilder out = new StringBuilder(value.length() + 2).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || Character.isSurrogate(c) && !isPaired(value, i)) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }

    private static boolean isPaired(String value, int i) {
        char c = value.charAt(i);
        return Character.isHighSurrogate(c)
                ? i + 1 < value.length() && Character.isLowSurrogate(value.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(value.charAt(i - 1));
    }

    private static Map<String, Span> spans(String object) {
        Map<String, Span> found = new LinkedHashMap<>();
        RawJson scan = new RawJson(object);
        if (!scan.enter('{')) {
            return found;
        }
        while (!scan.leave('}')) {
            Span name = scan.value();
            scan.at++; // the colon
            scan.skipSpace();
            found.put(string(object.substring(name.from(), name.to())), scan.value());
            scan.comma();
        }
        return found;
    }

    private static String unescape(String raw) {
        StringBuilder out = new StringBuilder(raw.length());
        for (int i = 1; i < raw.length() - 1; i++) {
            char c = raw.charAt(i);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            char escaped = raw.charAt(++i);
            switch (escaped) {
                case 'n' -> out.append('\n');
                case 't' -> out.append('\t');
                case 'r' -> out.append('\r');
                case 'b' -> out.append('\b');
                case 'f' -> out.append('\f');
                case 'u' -> {
                    out.append((char) Integer.parseInt(raw, i + 1, i + 5, 16));
                    i += 4;
                }
                default -> out.append(escaped);
            }
        }
        return out.toString();
    }

    private boolean enter(char open) {
        if (at >= text.length() || text.charAt(at) != open) {
            return false;
        }
        at++;
        skipSpace();
        return true;
    }

    private boolean leave(char close) {
        return text.charAt(at) == close;
    }

    private void comma() {
        if (text.charAt(at) == ',') {
            at++;
            skipSpace();
        }
    }

    /** The value that begins here; afterwards the scan stands at the next token. */
    private Span value() {
        int from = at;
        char first = text.charAt(at);
        if (first == '"') {
            skipString();
        } else if (first == '{' || first == '[') {
            skipNested();
        } else {
            while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
                at++;
            }
        }
        Span span = new Span(from, at);
        skipSpace();
        return span;
    }

    private void skipNested() {
        int depth = 0;
        do {
            char c = text.charAt(at);
            if (c == '"') {
                skipString();
                continue;
            }
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            at++;
        } while (depth > 0);
    }

    private void skipString() {
        at++;
        while (text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        at++;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }
}

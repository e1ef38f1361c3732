package org.mcpservermanager.gateway;

import java.util.function.BiConsumer;
import org.mcpservermanager.protocol.JsonText;

/** Reads members of valid JSON text, and exchanges one by position, so that the rest stays byte for byte. */
final class RawJson {
    private final String text;
    private int at;

    private RawJson(String text) {
        this.text = text;
    }

    /** Where a value stands in the text of its object. */
    private record Span(int from, int to) {}

    /** Replaces the value of a member that is there; of equal names the first, which is the one that is read. */
    static String withMember(String object, String name, String rawValue) {
        Span[] found = new Span[1];
        new RawJson(object).visit((member, span) -> {
            if (found[0] == null && member.equals(name)) {
                found[0] = span;
            }
        });
        if (found[0] == null) {
            throw new IllegalArgumentException(
                    "no member \"" + name + "\" in " + object.length() + " characters of JSON");
        }
        return object.substring(0, found[0].from()) + rawValue + object.substring(found[0].to());
    }

    /** As {@link #withMember}; a member that is not there is added at the end. */
    static String put(String object, String name, String rawValue) {
        if (declares(object, name)) {
            return withMember(object, name, rawValue);
        }
        int end = object.lastIndexOf('}');
        boolean empty = object.substring(object.indexOf('{') + 1, end).isBlank();
        return object.substring(0, end) + (empty ? "" : ",") + JsonText.quote(name) + ":" + rawValue + "}";
    }

    /** The value of a member that is a string; empty when it is not, or absent, or the text is no object. */
    static String string(String object, String name) {
        String raw = JsonText.member(object, name);
        return raw.isEmpty() ? "" : JsonText.unquote(raw);
    }

    /** Whether an object has the member; an absent object has none. */
    static boolean declares(String object, String member) {
        return !JsonText.member(object, member).isEmpty();
    }

    private void visit(BiConsumer<String, Span> visitor) {
        skipSpace();
        at++; // the opening brace
        skipSpace();
        while (text.charAt(at) != '}') {
            Span name = value();
            at++; // the colon
            skipSpace();
            visitor.accept(JsonText.unquote(text.substring(name.from(), name.to())), value());
            if (text.charAt(at) == ',') {
                at++;
                skipSpace();
            }
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
            while (",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
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

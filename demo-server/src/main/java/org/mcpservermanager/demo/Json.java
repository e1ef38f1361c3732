package org.mcpservermanager.demo;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON value. Numbers keep the token they came in, so an id goes back exactly as it was sent. */
sealed interface Json {
    Json NULL = new Literal("null");
    Json TRUE = new Literal("true");
    Json FALSE = new Literal("false");

    void write(StringBuilder out);

    record Literal(String token) implements Json {
        @Override
        public void write(StringBuilder out) {
            out.append(token);
        }
    }

    record Num(String token) implements Json {
        boolean isInteger() {
            return token.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
        }

        @Override
        public void write(StringBuilder out) {
            out.append(token);
        }
    }

    record Str(String value) implements Json {
        @Override
        public void write(StringBuilder out) {
            quote(value, out);
        }
    }

    record Arr(List<Json> items) implements Json {
        public Arr {
            items = List.copyOf(items);
        }

        @Override
        public void write(StringBuilder out) {
            String separator = "[";
            for (Json item : items) {
                out.append(separator);
                item.write(out);
                separator = ",";
            }
            out.append(items.isEmpty() ? "[]" : "]");
        }
    }

    /** Members in the order they came in. */
    record Obj(Map<String, Json> members) implements Json {
        static final Obj EMPTY = new Obj(Map.of());

        public Obj {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        boolean has(String name) {
            return members.containsKey(name);
        }

        /** {@link Json#NULL} when absent. */
        Json get(String name) {
            return members.getOrDefault(name, NULL);
        }

        /** Empty when absent or not a string. */
        String text(String name) {
            return get(name) instanceof Str text ? text.value() : "";
        }

        /** Empty when absent or not an object. */
        Obj object(String name) {
            return get(name) instanceof Obj object ? object : EMPTY;
        }

        Obj with(String name, Json value) {
            Map<String, Json> copy = new LinkedHashMap<>(members);
            copy.put(name, value);
            return new Obj(copy);
        }

        Obj with(String name, String value) {
            return with(name, new Str(value));
        }

        Obj with(String name, long value) {
            return with(name, new Num(Long.toString(value)));
        }

        @Override
        public void write(StringBuilder out) {
            String separator = "{";
            for (Map.Entry<String, Json> member : members.entrySet()) {
                out.append(separator);
                quote(member.getKey(), out);
                out.append(':');
                member.getValue().write(out);
                separator = ",";
            }
            out.append(members.isEmpty() ? "{}" : "}");
        }
    }

    static Obj object() {
        return Obj.EMPTY;
    }

    static Arr array(Json... items) {
        return new Arr(List.of(items));
    }

    static Json of(boolean value) {
        return value ? TRUE : FALSE;
    }

    static String text(Json value) {
        StringBuilder out = new StringBuilder(256);
        value.write(out);
        return out.toString();
    }

    private static void quote(String value, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || c == 0x7f || isUnpaired(value, i)) {
                        out.append("\\u").append(Character.forDigit(c >> 12, 16));
                        out.append(Character.forDigit(c >> 8 & 15, 16)).append(Character.forDigit(c >> 4 & 15, 16));
                        out.append(Character.forDigit(c & 15, 16));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** UTF-8 cannot carry half a surrogate pair; the escape can. */
    private static boolean isUnpaired(String value, int at) {
        char c = value.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == value.length() || !Character.isLowSurrogate(value.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(value.charAt(at - 1)));
    }
}

package org.mcpservermanager.protocol;

import java.util.Random;

/** Random JSON text with everything a careless re-serialisation would change. */
public final class RandomJson {
    private static final String[] NUMBERS = {
        "0", "-0", "1.0", "1e400", "-1E-400", "12345678901234567890123", "0.1e+1", "9007199254740993", "-7.250"
    };
    private static final String[] PIECES = {
        "a",
        "id",
        "\\u0061",
        "\\\"",
        "\\\\",
        "\\/",
        "\\n",
        "é",
        "漢",
        "\uD83D\uDE00",
        "\\ud800",
        "\\uD83D\\uDE00",
        " ",
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\u007f",
        "\u2028",
        "method",
        "params",
        "12345678",
        "plain text that is long enough for eight"
    };
    private static final String[] SPACES = {"", "", "", " ", "\t", "  ", "\n", "\r\n  "};

    private final Random random;

    public RandomJson(Random random) {
        this.random = random;
    }

    public String space() {
        return pick(SPACES);
    }

    public String pick(String... from) {
        return from[random.nextInt(from.length)];
    }

    public String string() {
        StringBuilder out = new StringBuilder("\"");
        for (int i = random.nextInt(6); i > 0; i--) {
            out.append(pick(PIECES));
        }
        return out.append('"').toString();
    }

    public String value(int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> pick(NUMBERS);
            case 1 -> pick("true", "false", "null");
            case 2, 3, 4 -> string();
            case 5 -> {
                StringBuilder out = new StringBuilder("[");
                for (int i = random.nextInt(4); i > 0; i--) {
                    out.append(space()).append(value(depth - 1)).append(space()).append(i > 1 ? "," : "");
                }
                yield out.append(space()).append(']').toString();
            }
            default -> object(depth - 1);
        };
    }

    /** Names are numbered, as an object without duplicates is wanted; extra members come in front. */
    public String object(int depth, String... members) {
        StringBuilder out = new StringBuilder("{").append(space());
        int more = random.nextInt(4);
        for (int i = 0; i < more; i++) {
            out.append("\"x")
                    .append(i)
                    .append(pick("", "\\u0041", "é"))
                    .append('"')
                    .append(space())
                    .append(':');
            out.append(space()).append(value(depth)).append(space());
            out.append(i + 1 < more || members.length > 0 ? "," + space() : "");
        }
        for (int i = 0; i < members.length; i++) {
            out.append(members[i]).append(space()).append(i + 1 < members.length ? "," + space() : "");
        }
        return out.append('}').toString();
    }
}

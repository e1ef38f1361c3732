package org.mcpservermanager.config;

/**
 * Turns JSON with comments and trailing commas, as editors write it, into JSON: both become blanks, so that line and column
 * of what follows stay what they were. Strings are left alone.
 */
final class Comments {
    private final StringBuilder out;
    private int comma = -1;

    private Comments(String text) {
        out = new StringBuilder(text);
    }

    static String blanked(String text) {
        Comments comments = new Comments(text);
        comments.run();
        return comments.out.toString();
    }

    private void run() {
        int at = 0;
        while (at < out.length()) {
            char c = out.charAt(at);
            if (c == '"') {
                comma = -1;
                at = endOfString(at + 1);
            } else if (startsWith(at, "//")) {
                at = blank(at, endOfLine(at));
            } else if (startsWith(at, "/*")) {
                at = blankBlock(at);
            } else {
                structure(c, at++);
            }
        }
    }

    private void structure(char c, int at) {
        if (c == ',') {
            // Only the first of two: ",,]" is a slip that the parser has to see.
            comma = comma >= 0 ? -1 : at;
        } else if (c == '}' || c == ']') {
            if (comma >= 0 && followsValue(comma)) {
                out.setCharAt(comma, ' ');
            }
            comma = -1;
        } else if (!Character.isWhitespace(c)) {
            comma = -1;
        }
    }

    /** "[,]" has no value the comma could trail. */
    private boolean followsValue(int at) {
        for (int i = at - 1; i >= 0; i--) {
            char c = out.charAt(i);
            if (!Character.isWhitespace(c)) {
                return c != ',' && c != '[' && c != '{' && c != ':';
            }
        }
        return false;
    }

    private int endOfString(int from) {
        int at = from;
        while (at < out.length() && out.charAt(at) != '"') {
            at += out.charAt(at) == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    private int endOfLine(int from) {
        int at = from;
        while (at < out.length() && out.charAt(at) != '\n' && out.charAt(at) != '\r') {
            at++;
        }
        return at;
    }

    private int blankBlock(int from) {
        int end = out.indexOf("*/", from + 2);
        // A comment that does not end is left for the parser to complain about.
        return end < 0 ? out.length() : blank(from, end + 2);
    }

    private int blank(int from, int to) {
        for (int i = from; i < to; i++) {
            char c = out.charAt(i);
            if (c != '\n' && c != '\r') {
                out.setCharAt(i, ' ');
            }
        }
        return to;
    }

    private boolean startsWith(int at, String what) {
        return at + 1 < out.length() && out.charAt(at) == what.charAt(0) && out.charAt(at + 1) == what.charAt(1);
    }
}

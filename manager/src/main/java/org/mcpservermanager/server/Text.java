package org.mcpservermanager.server;

/** Makes foreign text safe to put into one line of a log, an error or an event. */
public final class Text {
    private Text() {}

    /** Control, bidirectional and ANSI characters become {@code ?}; longer text is cut and ends in an ellipsis. */
    public static String oneLine(String text, int lengthMax) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), lengthMax));
        for (int i = 0; i < text.length() && out.length() < lengthMax; i++) {
            char c = text.charAt(i);
            out.append(isHarmless(c) ? c : '?');
        }
        return text.length() > lengthMax ? out.append('…').toString() : out.toString();
    }

    private static boolean isHarmless(char c) {
        return !Character.isISOControl(c)
                && !(c >= '\u202a' && c <= '\u202e')
                && !(c >= '\u2066' && c <= '\u2069')
                && c != '\u2028'
                && c != '\u2029';
    }
}

package org.mcpservermanager.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;

/** Text as the value of a header, by the rules of 2026-07-28, basic/transports/streamable-http, "Value Encoding". */
final class HeaderValue {
    private static final String PREFIX = "=?base64?";
    private static final String SUFFIX = "?=";

    private HeaderValue() {}

    static String of(String text) {
        return isPlain(text) ? text : PREFIX + Base64.getEncoder().encodeToString(text.getBytes(UTF_8)) + SUFFIX;
    }

    private static boolean isPlain(String text) {
        boolean sentinel = text.startsWith(PREFIX) && text.endsWith(SUFFIX);
        boolean edged = text.isEmpty() || text.charAt(0) <= ' ' || text.charAt(text.length() - 1) <= ' ';
        return !sentinel && !edged && text.chars().allMatch(c -> c == '\t' || c >= ' ' && c < 0x7f);
    }
}

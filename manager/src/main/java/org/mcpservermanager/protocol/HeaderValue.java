package org.mcpservermanager.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.Optional;

/** Text as the value of a header, by the rules of 2026-07-28, basic/transports/streamable-http, "Value Encoding". */
public final class HeaderValue {
    private static final String PREFIX = "=?base64?";
    private static final String SUFFIX = "?=";

    private HeaderValue() {}

    public static String encode(String text) {
        return isPlain(text) ? text : PREFIX + Base64.getEncoder().encodeToString(text.getBytes(UTF_8)) + SUFFIX;
    }

    private static boolean isPlain(String text) {
        boolean edged = text.isEmpty() || text.charAt(0) <= ' ' || text.charAt(text.length() - 1) <= ' ';
        return !edged && !(text.startsWith(PREFIX) && text.endsWith(SUFFIX)) && isAllowed(text);
    }

    /** Empty when the header holds what no header may. */
    public static Optional<String> decode(String header) {
        if (!isAllowed(header)) {
            return Optional.empty();
        }
        boolean encoded = header.length() >= PREFIX.length() + SUFFIX.length()
                && header.startsWith(PREFIX)
                && header.endsWith(SUFFIX);
        return encoded
                ? decodeBase64(header.substring(PREFIX.length(), header.length() - SUFFIX.length()))
                : Optional.of(header);
    }

    private static boolean isAllowed(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c <= '~' || c == '\t');
    }

    private static Optional<String> decodeBase64(String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            // the decoder accepts missing padding and loose last bits: two headers would mean the same
            if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
                return Optional.empty();
            }
            return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (IllegalArgumentException | CharacterCodingException unreadable) {
            return Optional.empty();
        }
    }
}

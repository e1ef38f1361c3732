package org.mcpservermanager.gateway.modern;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** The text that a header stands for (basic/transports/streamable-http, "Value Encoding"). */
final class HeaderValue {
    private static final String HEAD = "=?base64?";
    private static final String TAIL = "?=";

    private HeaderValue() {}

    /** Empty when the header holds what no header may. */
    static Optional<String> decode(String header) {
        if (!header.chars().allMatch(c -> c >= ' ' && c <= '~' || c == '\t')) {
            return Optional.empty();
        }
        boolean encoded =
                header.length() >= HEAD.length() + TAIL.length() && header.startsWith(HEAD) && header.endsWith(TAIL);
        return encoded
                ? decodeBase64(header.substring(HEAD.length(), header.length() - TAIL.length()))
                : Optional.of(header);
    }

    private static Optional<String> decodeBase64(String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            // the decoder accepts missing padding and loose last bits: two headers would mean the same
            if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
                return Optional.empty();
            }
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (IllegalArgumentException | CharacterCodingException unreadable) {
            return Optional.empty();
        }
    }
}

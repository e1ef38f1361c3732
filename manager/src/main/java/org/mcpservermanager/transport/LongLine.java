package org.mcpservermanager.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;

/** A line that was cut. If it was an answer, its caller is told at once instead of waiting for a timeout. */
record LongLine(byte[] head, byte[] tail, long length, int lengthMax) {
    private static final String VERSION = "\"jsonrpc\"\\s*:\\s*\"2\\.0\"\\s*";
    private static final String ID = "\"id\"\\s*:\\s*(\\d{1,18})\\s*";
    private static final Pattern ID_FIRST = Pattern.compile(
            "^\\s*\\{\\s*(?:" + VERSION + ",\\s*)?" + ID + ",\\s*(?:" + VERSION + ",\\s*)?\"(?:result|error)\"");
    private static final Pattern ANSWER_FIRST =
            Pattern.compile("^\\s*\\{\\s*(?:" + VERSION + ",\\s*)?\"(?:result|error)\"\\s*:");
    // in valid JSON the last brace closes the message, and an unescaped "id" in front of it is a member of the message
    private static final Pattern ID_LAST =
            Pattern.compile("[}\\]\"]\\s*,\\s*(?:" + VERSION + ",\\s*)?" + ID + "(?:,\\s*" + VERSION + ")?\\}\\s*$");

    String describe() {
        return "a line of " + length + " bytes was cut (expected: at most " + lengthMax + ")";
    }

    /** The error in place of the answer; empty when it was no answer or its id was cut off. */
    Optional<Message> answer() {
        String first = new String(head, ISO_8859_1);
        Matcher id = ID_FIRST.matcher(first);
        if (id.find()) {
            return Optional.of(error(id.group(1)));
        }
        id = ID_LAST.matcher(new String(tail, ISO_8859_1));
        return ANSWER_FIRST.matcher(first).find() && id.find() ? Optional.of(error(id.group(1))) : Optional.empty();
    }

    private Message error(String id) {
        String message = "The server's answer is too long: " + length + " bytes (expected: at most " + lengthMax + ")";
        return Message.error(id, RpcError.of(RpcError.INTERNAL_ERROR, message));
    }
}

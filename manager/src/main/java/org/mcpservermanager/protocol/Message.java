package org.mcpservermanager.protocol;

/**
 * One JSON-RPC message, kept as the bytes it came in; the envelope is known by position, so that it can be re-addressed
 * without touching (or even looking at) the rest.
 */
public final class Message {
    /** What a message is. */
    public enum Kind {
        REQUEST,
        NOTIFICATION,
        RESULT,
        ERROR
    }

    private Message() {}

    /** Scans strictly: valid UTF-8, one JSON object, no duplicate envelope members, depth at most 256, id a string or an integer. */
    public static Message parse(byte[] utf8) throws MalformedMessage {
        throw new UnsupportedOperationException(new String(utf8, java.nio.charset.StandardCharsets.UTF_8));
    }

    /** {@code params} is raw JSON text; empty for none. {@code id} is a raw JSON token. */
    public static Message request(String id, String method, String params) {
        throw new UnsupportedOperationException();
    }

    public static Message notification(String method, String params) {
        throw new UnsupportedOperationException();
    }

    public static Message result(String id, String result) {
        throw new UnsupportedOperationException();
    }

    /** An empty {@code id} becomes {@code null} (the request could not be read). */
    public static Message error(String id, RpcError error) {
        throw new UnsupportedOperationException();
    }

    public Kind kind() {
        throw new UnsupportedOperationException();
    }

    /** The raw JSON token, {@code "a"} with its quotes or {@code 7}; empty for none or null. */
    public String id() {
        throw new UnsupportedOperationException();
    }

    /** Empty for a response. */
    public String method() {
        throw new UnsupportedOperationException();
    }

    /** Raw JSON text of the top-level member params, result or error; empty when absent. */
    public String params() {
        throw new UnsupportedOperationException();
    }

    public String result() {
        throw new UnsupportedOperationException();
    }

    public String error() {
        throw new UnsupportedOperationException();
    }

    /** The decoded string value of {@code params.<member>}; empty when absent or not a string. */
    public String param(String member) {
        throw new UnsupportedOperationException();
    }

    /** Raw JSON text of {@code params.<member>}; empty when absent. */
    public String rawParam(String member) {
        throw new UnsupportedOperationException();
    }

    /** Raw token of {@code params._meta.progressToken} (request, or log) or {@code params.progressToken} (progress notification); empty when absent. */
    public String progressToken() {
        throw new UnsupportedOperationException();
    }

    public Message withId(String rawId) {
        throw new UnsupportedOperationException(rawId);
    }

    /** Replaces {@code params._meta.progressToken} (of a request) or {@code params.progressToken} (of a progress notification). */
    public Message withProgressToken(String rawToken) {
        throw new UnsupportedOperationException(rawToken);
    }

    /** Replaces (or adds) {@code params.<member>} by raw JSON text; everything else stays byte for byte. */
    public Message withParam(String member, String rawJson) {
        throw new UnsupportedOperationException(member + rawJson);
    }

    /** The message as one line of UTF-8 without a line end: whitespace outside strings that is a line break is replaced by a space. */
    public byte[] bytes() {
        throw new UnsupportedOperationException();
    }

    public int length() {
        throw new UnsupportedOperationException();
    }
}

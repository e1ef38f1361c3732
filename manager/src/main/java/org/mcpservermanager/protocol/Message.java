package org.mcpservermanager.protocol;

import java.nio.charset.StandardCharsets;

/**
 * One JSON-RPC message, kept as the bytes it came in; the envelope is known by position, so that it can be re-addressed
 * without touching (or even looking at) the rest.
 */
public final class Message {
    private static final int PLAIN_ID_LENGTH_MAX = 18;

    private final Envelope envelope;
    private final Kind kind;
    private final String method;

    Message(Envelope envelope, Kind kind, String method) {
        this.envelope = envelope;
        this.kind = kind;
        this.method = method;
    }

    /** What a message is. */
    public enum Kind {
        REQUEST,
        NOTIFICATION,
        RESULT,
        ERROR
    }

    /**
     * Scans strictly: valid UTF-8, one JSON object, no duplicate members in the message, its params and their {@code _meta}, depth
     * at most 256, id a string or an integer. The array is the message's from now on.
     */
    public static Message parse(byte[] utf8) throws MalformedMessage {
        return EnvelopeScanner.scan(utf8);
    }

    /** {@code params} is raw JSON text; empty for none. {@code id} is a raw JSON token. */
    public static Message request(String id, String method, String params) {
        return built("{\"jsonrpc\":\"2.0\",\"id\":" + JsonText.checkedId(id) + ",\"method\":" + JsonText.quote(method)
                + paramsMember(params) + "}");
    }

    public static Message notification(String method, String params) {
        return built("{\"jsonrpc\":\"2.0\",\"method\":" + JsonText.quote(method) + paramsMember(params) + "}");
    }

    public static Message result(String id, String result) {
        return built("{\"jsonrpc\":\"2.0\",\"id\":" + JsonText.checkedId(id) + ",\"result\":" + JsonText.checked(result)
                + "}");
    }

    /** An empty {@code id} becomes {@code null} (the request could not be read). */
    public static Message error(String id, RpcError error) {
        String data = error.data().isEmpty() ? "" : ",\"data\":" + JsonText.checked(error.data());
        return built("{\"jsonrpc\":\"2.0\",\"id\":" + (id.isEmpty() ? "null" : JsonText.checkedId(id))
                + ",\"error\":{\"code\":" + error.code() + ",\"message\":" + JsonText.quote(error.message()) + data + "}}");
    }

    private static String paramsMember(String params) {
        return params.isEmpty() ? "" : ",\"params\":" + JsonText.checked(params);
    }

    private static Message built(String text) {
        try {
            return parse(text.getBytes(StandardCharsets.UTF_8));
        } catch (MalformedMessage e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    public Kind kind() {
        return kind;
    }

    public boolean isResponse() {
        return kind == Kind.RESULT || kind == Kind.ERROR;
    }

    /** The raw JSON token, {@code "a"} with its quotes or {@code 7}; empty for none or null. */
    public String id() {
        return envelope.text(Envelope.ID);
    }

    /** The id as a number when it is a plain one, as those we give are; -1 otherwise, also for a string like {@code "7"}. */
    public long plainId() {
        return plain(Envelope.ID);
    }

    /** Empty for a response. */
    public String method() {
        return method;
    }

    /** Raw JSON text of the top-level member params, result or error; empty when absent. */
    public String params() {
        return envelope.text(Envelope.PARAMS);
    }

    public String result() {
        return envelope.text(Envelope.RESULT);
    }

    public String error() {
        return envelope.text(Envelope.ERROR);
    }

    /** The decoded string value of {@code params.<member>}; empty when absent or not a string. */
    public String param(String member) {
        long span = span(member);
        return span < 0 ? "" : JsonText.unquote(envelope.bytes(), Members.start(span), Members.end(span));
    }

    /** Raw JSON text of {@code params.<member>}; empty when absent. */
    public String rawParam(String member) {
        long span = span(member);
        return span < 0 ? "" : envelope.text(Members.start(span), Members.end(span));
    }

    private long span(String member) {
        if (!envelope.has(Envelope.PARAMS)) {
            return Members.ABSENT;
        }
        return switch (member) {
            case "name" -> slot(Envelope.NAME);
            case "uri" -> slot(Envelope.URI);
            case "_meta" -> slot(Envelope.META);
            default -> Members.find(
                    envelope.bytes(), envelope.start(Envelope.PARAMS), envelope.end(Envelope.PARAMS), member);
        };
    }

    private long slot(int slot) {
        return envelope.has(slot) ? Members.span(envelope.start(slot), envelope.end(slot)) : Members.ABSENT;
    }

    /**
     * Raw token of {@code params.progressToken} (progress notification) or {@code params._meta.progressToken} (all others);
     * empty when absent.
     */
    public String progressToken() {
        return envelope.text(tokenSlot());
    }

    /** As {@link #plainId}, of the progress token. */
    public long plainProgressToken() {
        return plain(tokenSlot());
    }

    private int tokenSlot() {
        return method.equals(Method.PROGRESS) ? Envelope.PARAMS_TOKEN : Envelope.META_TOKEN;
    }

    private long plain(int slot) {
        int start = envelope.start(slot);
        int end = envelope.end(slot);
        if (start < 0 || end - start > PLAIN_ID_LENGTH_MAX) {
            return -1;
        }
        long value = 0;
        for (int i = start; i < end; i++) {
            int digit = envelope.bytes()[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /** Every kind of message but a notification has room for an id. */
    public Message withId(String rawId) {
        String id = JsonText.checkedId(rawId);
        if (envelope.has(Envelope.ID)) {
            return with(envelope.edit(Envelope.ID, id));
        }
        if (kind != Kind.ERROR) {
            throw new IllegalStateException("a notification has no id: " + this);
        }
        return rescanned(Members.put(envelope.bytes(), 0, length(), "id", id));
    }

    /** Replaces (or adds) {@code params._meta.progressToken}, or {@code params.progressToken} of a progress notification. */
    public Message withProgressToken(String rawToken) {
        String token = JsonText.checked(rawToken);
        if (envelope.has(tokenSlot())) {
            return with(envelope.edit(tokenSlot(), token));
        }
        if (method.equals(Method.PROGRESS)) {
            return withParam("progressToken", token);
        }
        if (!envelope.has(Envelope.META)) {
            return withParam("_meta", "{\"progressToken\":" + token + "}");
        }
        return rescanned(put(Envelope.META, "progressToken", token));
    }

    /** A request with both replaced in one go: the id, and the progress token if it has one. */
    public Message addressed(String rawId, String rawToken) {
        if (!envelope.has(Envelope.ID) || !envelope.has(Envelope.META_TOKEN)) {
            return withId(rawId);
        }
        Envelope.Edit id = envelope.edit(Envelope.ID, JsonText.checkedId(rawId));
        Envelope.Edit token = envelope.edit(Envelope.META_TOKEN, JsonText.checked(rawToken));
        return id.start() < token.start() ? with(id, token) : with(token, id);
    }

    /** Replaces (or adds) {@code params.<member>} by raw JSON text; everything else stays byte for byte. */
    public Message withParam(String member, String rawJson) {
        String json = JsonText.checked(rawJson);
        boolean known = member.equals("name") || member.equals("uri");
        long span = span(member);
        if (span >= 0) {
            Envelope.Edit edit = Envelope.Edit.of(Members.start(span), Members.end(span), json);
            return known ? with(edit) : rescanned(edit);
        }
        if (envelope.has(Envelope.PARAMS)) {
            return rescanned(put(Envelope.PARAMS, member, json));
        }
        if (method.isEmpty()) {
            throw new IllegalStateException("a response has no params: " + this);
        }
        String params = "{" + JsonText.quote(member) + ":" + json + "}";
        return rescanned(Members.put(envelope.bytes(), 0, length(), "params", params));
    }

    private Envelope.Edit put(int slot, String member, String json) {
        return Members.put(envelope.bytes(), envelope.start(slot), envelope.end(slot), member, json);
    }

    private Message with(Envelope.Edit... edits) {
        return new Message(envelope.with(edits), kind, method);
    }

    private Message rescanned(Envelope.Edit edit) {
        try {
            return parse(envelope.with(edit).bytes());
        } catch (MalformedMessage e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * The message as one line of UTF-8 without a line end: whitespace outside strings that is a line break is replaced by a space.
     * Not to be changed.
     */
    public byte[] bytes() {
        return envelope.bytes();
    }

    public int length() {
        return envelope.bytes().length;
    }

    /** Never the content: it may be secret. */
    @Override
    public String toString() {
        return "Message[" + kind + (method.isEmpty() ? "" : " " + method) + " " + id() + " " + length() + " bytes]";
    }
}

package org.mcpservermanager.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads a message once, from the first byte to the last, and notes where the envelope's parts lie. A text that is not JSON is a
 * parse error; anything else that is wrong is noted and reported at the end, when the id to answer with is known.
 */
final class EnvelopeScanner {
    private final byte[] bytes;
    private final JsonScanner json;
    private final int[] spans = new int[Envelope.SLOTS];
    private boolean versioned;
    private boolean nullId;
    private String fault = "";

    private EnvelopeScanner(byte[] bytes) {
        this.bytes = bytes;
        this.json = new JsonScanner(bytes, 0, bytes.length);
        Arrays.fill(spans, -1);
    }

    /** The array is the message's from now on. */
    static Message scan(byte[] utf8) throws MalformedMessage {
        byte[] bytes = stripped(utf8);
        EnvelopeScanner scanner = new EnvelopeScanner(bytes);
        scanner.message();
        Envelope envelope = new Envelope(scanner.json.lineBreak() ? oneLine(bytes) : bytes, scanner.spans);
        Message.Kind kind = scanner.kind(envelope);
        String method = envelope.has(Envelope.METHOD)
                ? JsonText.unquote(bytes, envelope.start(Envelope.METHOD), envelope.end(Envelope.METHOD))
                : "";
        return new Message(envelope, kind, method);
    }

    private static byte[] stripped(byte[] bytes) {
        int start = 0;
        int end = bytes.length;
        while (start < end && isSpace(bytes[start])) {
            start++;
        }
        while (end > start && isSpace(bytes[end - 1])) {
            end--;
        }
        return end - start == bytes.length ? bytes : Arrays.copyOfRange(bytes, start, end);
    }

    private static boolean isSpace(byte c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    private static byte[] oneLine(byte[] bytes) {
        byte[] line = bytes.clone();
        for (int i = 0; i < line.length; i++) {
            if (line[i] == '\n' || line[i] == '\r') {
                line[i] = ' ';
            }
        }
        return line;
    }

    private void message() throws MalformedMessage {
        json.expect('{', "'{', as a message is one JSON object in UTF-8");
        Names names = new Names();
        json.space();
        boolean more = !json.skip('}');
        while (more) {
            String name = next(names, "the message");
            int start = json.at();
            switch (name) {
                case "params" -> params(start);
                case "jsonrpc" -> version(start);
                case "id" -> id(start);
                case "method" -> string(Envelope.METHOD, "method");
                case "result" -> value(Envelope.RESULT, 1);
                case "error" -> object(Envelope.ERROR, "error");
                default -> json.value(1);
            }
            more = json.more('}');
        }
        json.endOfInput();
    }

    private void params(int start) throws MalformedMessage {
        byte first = json.peek();
        if (first != '{') {
            json.value(1);
            // sloppy peers write null for none
            if (first != 'n') {
                fault("params is not an object");
            }
            return;
        }
        json.skip('{');
        Names names = new Names();
        json.space();
        boolean more = !json.skip('}');
        while (more) {
            switch (next(names, "params")) {
                case "_meta" -> meta();
                case "progressToken" -> token(Envelope.PARAMS_TOKEN, 2);
                case "name" -> value(Envelope.NAME, 2);
                case "uri" -> value(Envelope.URI, 2);
                default -> json.value(2);
            }
            more = json.more('}');
        }
        note(Envelope.PARAMS, start);
    }

    private void meta() throws MalformedMessage {
        int start = json.at();
        if (json.peek() != '{') {
            json.value(2);
            fault("params._meta is not an object");
            return;
        }
        json.skip('{');
        Names names = new Names();
        json.space();
        boolean more = !json.skip('}');
        while (more) {
            if (next(names, "params._meta").equals("progressToken")) {
                token(Envelope.META_TOKEN, 3);
            } else {
                json.value(3);
            }
            more = json.more('}');
        }
        note(Envelope.META, start);
    }

    private String next(Names names, String where) throws MalformedMessage {
        int start = json.at();
        String name = json.name();
        if (names.isFull()) {
            fault(where + " has more than " + Names.MEMBERS_MAX + " members");
        } else if (!names.add(name)) {
            fault("duplicate member in " + where + " at byte " + start);
        }
        return name;
    }

    private void version(int start) throws MalformedMessage {
        json.value(1);
        versioned = json.at() - start == 5 && new String(bytes, start, 5, StandardCharsets.UTF_8).equals("\"2.0\"");
    }

    private void id(int start) throws MalformedMessage {
        byte first = json.peek();
        json.value(1);
        nullId = first == 'n';
        if (nullId) {
            return;
        }
        if (first == '"' || JsonText.isInteger(bytes, start, json.at())) {
            note(Envelope.ID, start);
        } else {
            fault("id at byte " + start + " is not a string or an integer");
        }
    }

    private void string(int slot, String name) throws MalformedMessage {
        int start = json.at();
        boolean right = json.peek() == '"';
        json.value(1);
        if (right && json.at() - start > 2) {
            note(slot, start);
        } else {
            fault(name + " at byte " + start + " is not a string of one character or more");
        }
    }

    private void object(int slot, String name) throws MalformedMessage {
        int start = json.at();
        boolean right = json.peek() == '{';
        json.value(1);
        if (right) {
            note(slot, start);
        } else {
            fault(name + " at byte " + start + " is not an object");
        }
    }

    private void token(int slot, int depth) throws MalformedMessage {
        int start = json.at();
        byte first = json.peek();
        json.value(depth);
        if (first == '"' || first == '-' || first >= '0' && first <= '9') {
            note(slot, start);
        }
    }

    private void value(int slot, int depth) throws MalformedMessage {
        int start = json.at();
        json.value(depth);
        note(slot, start);
    }

    private void note(int slot, int start) {
        spans[slot] = start;
        spans[slot + 1] = json.at();
    }

    private void fault(String what) {
        if (fault.isEmpty()) {
            fault = what;
        }
    }

    private Message.Kind kind(Envelope envelope) throws MalformedMessage {
        boolean id = envelope.has(Envelope.ID);
        boolean method = envelope.has(Envelope.METHOD);
        boolean result = envelope.has(Envelope.RESULT);
        boolean error = envelope.has(Envelope.ERROR);
        if (!versioned) {
            fault("jsonrpc is not \"2.0\"");
        }
        if ((method ? 1 : 0) + (result ? 1 : 0) + (error ? 1 : 0) != 1) {
            fault("a message has exactly one of method, result and error");
        }
        if (nullId && !error || result && !id) {
            fault("id is null or missing");
        }
        if (!fault.isEmpty()) {
            boolean sure = !fault.startsWith("duplicate");
            throw new MalformedMessage(
                    RpcError.of(RpcError.INVALID_REQUEST, "Invalid request: " + fault),
                    sure ? envelope.text(Envelope.ID) : "");
        }
        if (method) {
            return id ? Message.Kind.REQUEST : Message.Kind.NOTIFICATION;
        }
        return result ? Message.Kind.RESULT : Message.Kind.ERROR;
    }
}

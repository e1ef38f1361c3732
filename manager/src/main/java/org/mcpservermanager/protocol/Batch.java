package org.mcpservermanager.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Several messages in one JSON array, as revision 2025-03-26 allows. */
public final class Batch {
    /** More than any client sends; each element costs an answer. */
    static final int ELEMENTS_MAX = 256;

    private Batch() {}

    /** Whether the first byte that is not whitespace opens an array. */
    public static boolean isBatch(byte[] utf8) {
        JsonScanner json = new JsonScanner(utf8, 0, utf8.length);
        json.space();
        return json.peek() == '[';
    }

    /**
     * The bytes of each element, still to be parsed one by one, so that one bad message does not spoil the others.
     *
     * @throws MalformedMessage not one JSON array, or an empty one, or more than 256 elements
     */
    public static List<byte[]> split(byte[] utf8) throws MalformedMessage {
        List<byte[]> parts = new ArrayList<>();
        for (long span : elements(utf8, ELEMENTS_MAX)) {
            parts.add(Arrays.copyOfRange(utf8, Members.start(span), Members.end(span)));
        }
        if (parts.isEmpty()) {
            throw invalid("Invalid request: an empty batch");
        }
        return parts;
    }

    static List<Long> elements(byte[] bytes, int elementsMax) throws MalformedMessage {
        List<Long> spans = new ArrayList<>();
        JsonScanner json = new JsonScanner(bytes, 0, bytes.length);
        json.space();
        json.expect('[', "'['");
        json.space();
        boolean more = !json.skip(']');
        while (more) {
            if (spans.size() == elementsMax) {
                throw invalid("Invalid request: a batch of more than " + elementsMax + " messages");
            }
            json.space();
            int start = json.at();
            // an element may be as deep as a message on its own
            json.value(0);
            spans.add(Members.span(start, json.at()));
            more = json.more(']');
        }
        json.endOfInput();
        return spans;
    }

    private static MalformedMessage invalid(String message) {
        return new MalformedMessage(RpcError.of(RpcError.INVALID_REQUEST, message), "");
    }
}

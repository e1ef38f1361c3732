package org.mcpservermanager.protocol;

import java.nio.charset.StandardCharsets;

/** The members of an object that lies in checked bytes from start to end; a span packs two positions into a long. */
final class Members {
    static final long ABSENT = -1;

    private Members() {}

    static long span(int start, int end) {
        return (long) start << 32 | end;
    }

    static int start(long span) {
        return (int) (span >>> 32);
    }

    static int end(long span) {
        return (int) span;
    }

    /** What is done for each member; {@code false} ends the walk. */
    interface Visitor {
        boolean member(String name, int start, int end);
    }

    static void visit(byte[] bytes, int start, int end, Visitor visitor) throws MalformedMessage {
        JsonScanner json = new JsonScanner(bytes, start, end);
        json.expect('{', "'{'");
        json.space();
        boolean more = !json.skip('}');
        while (more) {
            String name = json.name();
            int from = json.at();
            json.value(1);
            if (!visitor.member(name, from, json.at())) {
                return;
            }
            more = json.more('}');
        }
    }

    /** The place of the member's value; {@link #ABSENT} when there is none. */
    static long find(byte[] bytes, int start, int end, String name) {
        long[] found = {ABSENT};
        try {
            visit(bytes, start, end, (member, from, to) -> {
                if (!member.equals(name)) {
                    return true;
                }
                found[0] = span(from, to);
                return false;
            });
        } catch (MalformedMessage e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return found[0];
    }

    /** The edit that replaces the member's value, or adds the member in front of the others. */
    static Envelope.Edit put(byte[] bytes, int start, int end, String name, String json) {
        long span = find(bytes, start, end, name);
        if (span != ABSENT) {
            return Envelope.Edit.of(start(span), end(span), json);
        }
        boolean empty = new String(bytes, start + 1, end - start - 2, StandardCharsets.UTF_8).isBlank();
        return Envelope.Edit.of(start + 1, start + 1, JsonText.quote(name) + ":" + json + (empty ? "" : ","));
    }
}

package org.mcpservermanager.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SseParserTest {
    private static final int EVENT_MAX = 100;
    private final List<String> seen = new ArrayList<>();

    private SseParser parser() {
        return new SseParser(EVENT_MAX, new SseParser.Sink() {
            @Override
            public void event(String type, byte[] data) {
                seen.add(type + "=" + new String(data, UTF_8));
            }

            @Override
            public void id(String lastEventId) {
                seen.add("id " + lastEventId);
            }

            @Override
            public void retry(long millis) {
                seen.add("retry " + millis);
            }

            @Override
            public void tooLong(long length) {
                seen.add("too long");
            }
        });
    }

    private List<String> read(String text) {
        feed(parser(), text);
        return seen;
    }

    private static void feed(SseParser parser, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        parser.feed(bytes, bytes.length);
    }

    @Test
    void readsTypeDataIdAndRetry() {
        assertEquals(
                List.of("retry 250", "id 7", "ping=one\ntwo", "message= three"),
                read("event: ping\nid: 7\nretry: 250\ndata: one\ndata:two\n\ndata:  three\n\n"));
    }

    @Test
    void anEventWithoutDataOnlyMovesTheId() {
        assertEquals(List.of("id 1"), read("id: 1\ndata:\n\n: comment\n\nevent: x\n\n"));
    }

    @Test
    void endsLinesWithAnyLineEnd() {
        assertEquals(
                List.of("message=a\nb", "message=c", "message=d"),
                read("data: a\r\ndata: b\r\n\r\ndata: c\r\rdata: d\n\n"));
    }

    @Test
    void dropsAByteOrderMarkAndATornTail() {
        assertEquals(List.of("message=a"), read("\uFEFFdata: a\n\ndata: torn\n"));
    }

    @Test
    void ignoresWhatItDoesNotKnow() {
        assertEquals(
                List.of("message=a"),
                read("foo: bar\nretry: soon\nretry: 12345678901234567890\nid: a\u0007b\ndatum\ndata: a\n\n"));
    }

    @Test
    void skipsAnEventThatIsTooLongAndGoesOn() {
        String big = "x".repeat(EVENT_MAX);
        assertEquals(
                List.of("too long", "message=a", "too long", "message=b"),
                read("data: " + big + "\ndata: more\n\ndata: a\n\n" + "data: 12345678\n".repeat(20) + "\ndata: b\n\n"));
    }

    @Test
    void commentsDoNotAddUpToAnEvent() {
        assertEquals(List.of("message=a"), read(": still here\n".repeat(100) + "data: a\n\n"));
    }

    @Test
    void readsTheSameHoweverTheBytesAreCut() {
        String text = "id: 1\r\ndata: é漢\r\n\r\n:c\n\nevent: e\rdata: x\rdata\r\r" + "data: " + "y".repeat(150)
                + "\n\ndata: z\n\n";
        List<String> whole = List.copyOf(read(text));
        assertTrue(whole.contains("message=é漢") && whole.contains("e=x\n"), whole::toString);
        byte[] bytes = text.getBytes(UTF_8);
        for (int seed = 0; seed < 200; seed++) {
            seen.clear();
            Random random = new Random(seed);
            SseParser parser = parser();
            for (int from = 0; from < bytes.length; ) {
                int to = Math.min(bytes.length, from + 1 + random.nextInt(7));
                parser.feed(Arrays.copyOfRange(bytes, from, to), to - from);
                from = to;
            }
            assertEquals(whole, seen, "seed " + seed);
        }
    }
}

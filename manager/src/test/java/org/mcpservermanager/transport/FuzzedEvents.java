package org.mcpservermanager.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mcpservermanager.fuzz.Target;

/** Events are the same however the stream is cut, and none is larger than allowed. The first byte says how it is cut. */
public final class FuzzedEvents implements Target {
    private static final int EVENT_MAX = 1500;

    @Override
    public String name() {
        return "events";
    }

    @Override
    public String read(byte[] input) {
        int step = 1 + (input.length == 0 ? 0 : input[0] & 0x7f);
        byte[] stream = input.length == 0 ? input : Arrays.copyOfRange(input, 1, input.length);
        List<String> whole = found(stream, Math.max(1, stream.length));
        assertEquals(whole, found(stream, step));
        assertEquals(whole, found(stream, 1));
        return whole.stream()
                .limit(8)
                .map(one -> one.replaceFirst("(?s) .*", ""))
                .distinct()
                .toList()
                .toString();
    }

    private static List<String> found(byte[] stream, int step) {
        List<String> found = new ArrayList<>();
        SseParser parser = new SseParser(EVENT_MAX, new Collector(found));
        for (int at = 0; at < stream.length; at += step) {
            byte[] part = Arrays.copyOfRange(stream, at, Math.min(stream.length, at + step));
            parser.feed(part, part.length);
        }
        return found;
    }

    private record Collector(List<String> found) implements SseParser.Sink {
        @Override
        public void event(String type, byte[] data) {
            assertTrue(data.length <= EVENT_MAX, "an event of " + data.length + " bytes");
            found.add("event " + type + " " + new String(data, ISO_8859_1));
        }

        @Override
        public void id(String lastEventId) {
            assertTrue(lastEventId.chars().allMatch(c -> c >= 0x20 && c < 0x7f), "an id that is no header");
            found.add("id " + lastEventId);
        }

        @Override
        public void retry(long millis) {
            assertTrue(millis >= 0, "a negative time");
            found.add("retry " + millis);
        }

        @Override
        public void tooLong(long length) {
            assertTrue(length > EVENT_MAX, "an event of " + length + " bytes is not too long");
            found.add("long");
        }
    }
}

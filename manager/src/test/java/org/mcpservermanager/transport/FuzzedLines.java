package org.mcpservermanager.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mcpservermanager.fuzz.Target;

/** Lines are the same however the stream is cut, and no more of them is held than allowed. The first byte says how it is cut. */
public final class FuzzedLines implements Target {
    private static final int LENGTH_MAX = 1500;

    @Override
    public String name() {
        return "lines";
    }

    @Override
    public String read(byte[] input) {
        int step = 1 + (input.length == 0 ? 0 : input[0] & 0x7f);
        byte[] stream = input.length == 0 ? input : Arrays.copyOfRange(input, 1, input.length);
        List<String> found = new ArrayList<>();
        LineFramer framer = new LineFramer(LENGTH_MAX, new Collector(found));
        for (int at = 0; at < stream.length; at += step) {
            byte[] part = Arrays.copyOfRange(stream, at, Math.min(stream.length, at + step));
            framer.feed(part, part.length);
        }
        String[] lines = new String(stream, ISO_8859_1).split("\n", -1);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i + 1 < lines.length; i++) {
            expected.add(told(lines[i]));
        }
        assertEquals(expected, found);
        String rest = lines[lines.length - 1];
        assertEquals(!rest.isEmpty(), framer.isInLine());
        long longLines = found.stream().filter(line -> line.startsWith("long")).count();
        return Math.min(found.size(), 20) + " lines, " + Math.min(longLines, 5) + " long, rest "
                + Integer.signum(rest.length());
    }

    private static String told(String line) {
        if (line.length() <= LENGTH_MAX) {
            return line;
        }
        int kept = LineFramer.KEPT_OF_LONG_LINE;
        return "long " + line.length() + ":" + line.substring(0, kept) + ":" + line.substring(line.length() - kept);
    }

    private record Collector(List<String> lines) implements LineFramer.Sink {
        @Override
        public void line(byte[] line) {
            lines.add(new String(line, ISO_8859_1));
        }

        @Override
        public void longLine(byte[] head, byte[] tail, long length) {
            lines.add("long " + length + ":" + new String(head, ISO_8859_1) + ":" + new String(tail, ISO_8859_1));
        }
    }
}

package org.mcpservermanager.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.faults.Fault;

class LineFramerTest {
    private static final int LENGTH_MAX = 5000;

    /** A line as the framer should tell it. */
    private static String told(String line) {
        if (line.length() <= LENGTH_MAX) {
            return line;
        }
        int kept = LineFramer.KEPT_OF_LONG_LINE;
        return line.length() + ":" + line.substring(0, kept) + ":" + line.substring(line.length() - kept);
    }

    private static final class Collected implements LineFramer.Sink {
        final List<String> lines = new ArrayList<>();

        @Override
        public void line(byte[] line) {
            lines.add(new String(line, ISO_8859_1));
        }

        @Override
        public void longLine(byte[] head, byte[] tail, long length) {
            lines.add(length + ":" + new String(head, ISO_8859_1) + ":" + new String(tail, ISO_8859_1));
        }
    }

    @Test
    @Fault(30)
    void findsTheSameLinesHoweverTheStreamIsCut() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (long end = System.nanoTime() + 700_000_000L; System.nanoTime() < end; ) {
            List<String> expected = new ArrayList<>();
            StringBuilder stream = new StringBuilder();
            for (int n = random.nextInt(8); n >= 0; n--) {
                String line = line(random);
                expected.add(told(line));
                stream.append(line).append('\n');
            }
            String rest = line(random);
            byte[] bytes = stream.append(rest).toString().getBytes(ISO_8859_1);
            Collected collected = new Collected();
            LineFramer framer = new LineFramer(LENGTH_MAX, collected);
            for (int at = 0; at < bytes.length; ) {
                int size = Math.min(bytes.length - at, 1 + random.nextInt(random.nextBoolean() ? 10 : 20_000));
                byte[] buffer = java.util.Arrays.copyOfRange(bytes, at, at + size + random.nextInt(20));
                framer.feed(buffer, size);
                at += size;
            }
            assertEquals(expected, collected.lines, "-Dseed=" + seed);
            assertEquals(!rest.isEmpty(), framer.isInLine(), "-Dseed=" + seed);
        }
    }

    private static String line(Random random) {
        int length =
                switch (random.nextInt(4)) {
                    case 0 -> random.nextInt(4);
                    case 1 -> LENGTH_MAX - 1 + random.nextInt(3);
                    case 2 -> random.nextInt(12_000);
                    default -> random.nextInt(100);
                };
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < length; i++) {
            char c = (char) random.nextInt(256);
            line.append(c == '\n' ? '\u000B' : c);
        }
        return line.toString();
    }
}

package org.mcpservermanager.process;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One line of /proc/PID/stat, read from its bytes: a look at the machine reads hundreds of them.
 *
 * @param dead its entry is still there because nobody collected it
 * @param ticks processor time of its own and of the dead children it collected
 */
record Stat(Seen seen, boolean dead, long ticks, int threads, long pages) {
    private static final int PARENT = 1;
    private static final int GROUP = 2;
    private static final int FLAGS = 6;
    private static final int TICKS_FIRST = 11;
    private static final int TICKS_LAST = 14;
    private static final int THREADS = 17;
    private static final int START = 19;
    private static final int PAGES = 21;
    private static final long KERNEL_THREAD = 0x20_0000;

    /** Empty for threads of the kernel, and for a line that is torn. */
    static Optional<Stat> parse(byte[] line, int length) {
        // The name in parentheses may hold spaces and parentheses: fields are counted from its last one.
        int close = lastClose(line, length);
        if (close < 0 || close + 2 >= length) {
            return Optional.empty();
        }
        long[] fields = new long[PAGES + 1];
        int last = readFields(line, length, close + 4, fields);
        if (last < PAGES || (fields[FLAGS] & KERNEL_THREAD) != 0) {
            return Optional.empty();
        }
        char state = (char) line[close + 2];
        long ticks = 0;
        for (int i = TICKS_FIRST; i <= TICKS_LAST; i++) {
            ticks += fields[i];
        }
        Seen seen = new Seen(pid(line), fields[PARENT], fields[GROUP], fields[START], state == 'T' || state == 't');
        // A main thread that ended looks like a zombie while the other threads of its process live on.
        boolean dead = (state == 'Z' || state == 'X' || state == 'x') && fields[THREADS] <= 1;
        return Optional.of(new Stat(seen, dead, ticks, (int) fields[THREADS], fields[PAGES]));
    }

    static Optional<Stat> parse(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
        return parse(bytes, bytes.length);
    }

    private static int lastClose(byte[] line, int length) {
        for (int i = length - 2; i > 0; i--) {
            if (line[i] == ')' && line[i + 1] == ' ') {
                return i;
            }
        }
        return -1;
    }

    private static long pid(byte[] line) {
        long pid = 0;
        for (int i = 0; line[i] >= '0' && line[i] <= '9'; i++) {
            pid = pid * 10 + line[i] - '0';
        }
        return pid;
    }

    /** @return the index of the last field that was complete */
    private static int readFields(byte[] line, int length, int from, long[] fields) {
        int at = from;
        int field = 0;
        while (at < length && field < fields.length - 1) {
            boolean negative = line[at] == '-';
            at += negative ? 1 : 0;
            long value = 0;
            for (; at < length && line[at] >= '0' && line[at] <= '9'; at++) {
                value = value * 10 + line[at] - '0';
            }
            if (at == length) {
                return field;
            }
            at++;
            fields[++field] = negative ? -value : value;
        }
        return field;
    }
}

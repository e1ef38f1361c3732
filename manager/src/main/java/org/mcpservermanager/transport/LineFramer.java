package org.mcpservermanager.transport;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Cuts a stream of bytes into lines of bounded length; of a longer line it keeps the two ends and goes on at the next one. */
final class LineFramer {
    static final int KEPT_OF_LONG_LINE = 1024;
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final int HELD_MIN = 1024;
    private static final int HELD_KEPT_MAX = 64 << 10;

    private final int lengthMax;
    private final int headMax;
    private final Sink sink;
    private byte[] held = {};
    private int count;
    private long length;
    private byte[] head = {};
    private byte[] tail = {};

    LineFramer(int lengthMax, Sink sink) {
        this(lengthMax, KEPT_OF_LONG_LINE, sink);
    }

    /** @param headMax what is kept of the begin of a longer line, at most {@code lengthMax} */
    LineFramer(int lengthMax, int headMax, Sink sink) {
        this.lengthMax = lengthMax;
        this.headMax = headMax;
        this.sink = sink;
    }

    /** What is found; an array is the receiver's. */
    interface Sink {
        /** Without its line end. */
        void line(byte[] line);

        /** {@code head} and {@code tail} are what was kept of it. */
        void longLine(byte[] head, byte[] tail, long length);
    }

    void feed(byte[] buffer, int size) {
        int from = 0;
        while (from < size) {
            int end = lineEnd(buffer, from, size);
            if (end < size) {
                finish(buffer, from, end);
            } else {
                hold(buffer, from, size);
            }
            from = end + 1;
        }
    }

    /** Something came after the last line end. */
    boolean isInLine() {
        return length > 0;
    }

    /** What was fed last belongs to a line that is longer than allowed. */
    boolean isSkipping() {
        return length > lengthMax;
    }

    private static int lineEnd(byte[] buffer, int from, int size) {
        int i = from;
        while (i + 8 <= size) {
            long w = (long) EIGHT.get(buffer, i) ^ '\n' * ONES;
            if ((w - ONES & ~w & HIGH_BITS) != 0) {
                break;
            }
            i += 8;
        }
        while (i < size && buffer[i] != '\n') {
            i++;
        }
        return i;
    }

    private void finish(byte[] buffer, int from, int end) {
        if (length == 0 && end - from <= lengthMax) {
            sink.line(Arrays.copyOfRange(buffer, from, end));
            return;
        }
        hold(buffer, from, end);
        byte[] line = head.length > 0 ? head : Arrays.copyOf(held, count);
        byte[] last = tail;
        long whole = length;
        boolean isLong = head.length > 0;
        reset();
        if (isLong) {
            sink.longLine(line, last, whole);
        } else {
            sink.line(line);
        }
    }

    private void reset() {
        count = 0;
        length = 0;
        head = new byte[0];
        tail = new byte[0];
        if (held.length > HELD_KEPT_MAX) {
            held = new byte[0];
        }
    }

    private void hold(byte[] buffer, int from, int to) {
        length += to - from;
        if (length > lengthMax) {
            holdEnds(buffer, from, to);
            return;
        }
        int needed = count + to - from;
        if (needed > held.length) {
            held = Arrays.copyOf(
                    held, (int) Math.min(lengthMax, Math.max(HELD_MIN, Math.max(needed, held.length * 2L))));
        }
        System.arraycopy(buffer, from, held, count, to - from);
        count = needed;
    }

    private void holdEnds(byte[] buffer, int from, int to) {
        if (head.length == 0) {
            head = joined(Arrays.copyOf(held, Math.min(count, headMax)), buffer, from, to);
            head = Arrays.copyOf(head, Math.min(head.length, headMax));
            tail = Arrays.copyOfRange(held, Math.max(0, count - KEPT_OF_LONG_LINE), count);
            held = new byte[0];
            count = 0;
        }
        byte[] all = joined(tail, buffer, Math.max(from, to - KEPT_OF_LONG_LINE), to);
        tail = Arrays.copyOfRange(all, Math.max(0, all.length - KEPT_OF_LONG_LINE), all.length);
    }

    private static byte[] joined(byte[] first, byte[] buffer, int from, int to) {
        byte[] all = Arrays.copyOf(first, first.length + to - from);
        System.arraycopy(buffer, from, all, first.length, to - from);
        return all;
    }
}

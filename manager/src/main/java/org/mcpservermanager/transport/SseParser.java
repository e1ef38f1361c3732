package org.mcpservermanager.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** Cuts a stream of bytes into server-sent events of bounded size, as the HTML standard reads them. Used by one thread at a time. */
final class SseParser {
    private static final int HELD_MIN = 512;
    private static final int HELD_KEPT_MAX = 64 << 10;
    private static final int RETRY_DIGITS_MAX = 9;
    private static final String DEFAULT_TYPE = "message";

    private final int eventMax;
    private final Sink sink;
    private final Bytes line = new Bytes();
    private final Bytes data = new Bytes();
    private String type = "";
    private String id = "";
    private boolean hasData;
    private boolean afterReturn;
    private boolean isFirstLine = true;
    /** How long the event is so far, what was not kept included. */
    private long length;

    private boolean isEmptyLine = true;

    SseParser(int eventMax, Sink sink) {
        this.eventMax = eventMax;
        this.sink = sink;
    }

    /** What is found, in order. An event without data is none, but its id counts. */
    interface Sink {
        /** {@code data} is the receiver's. */
        void event(String type, byte[] data);

        /** From here on a stream that breaks can be taken up again. */
        default void id(String lastEventId) {
            // not every revision can take a stream up again
        }

        default void retry(long millis) {
            // as above
        }

        /** An event that was not kept. */
        void tooLong(long length);
    }

    void feed(byte[] bytes, int size) {
        int from = 0;
        while (from < size) {
            if (afterReturn) {
                afterReturn = false;
                if (bytes[from] == '\n') {
                    from++;
                    continue;
                }
            }
            int end = lineEnd(bytes, from, size);
            hold(bytes, from, end);
            if (end == size) {
                return;
            }
            afterReturn = bytes[end] == '\r';
            finishLine();
            from = end + 1;
        }
    }

    private static int lineEnd(byte[] bytes, int from, int size) {
        int i = from;
        while (i < size && bytes[i] != '\n' && bytes[i] != '\r') {
            i++;
        }
        return i;
    }

    private void hold(byte[] bytes, int from, int to) {
        length += to - from;
        isEmptyLine &= from == to;
        if (length <= eventMax) {
            line.add(bytes, from, to);
        }
    }

    private void finishLine() {
        if (isFirstLine) {
            isFirstLine = false;
            line.dropByteOrderMark();
        }
        boolean isEmpty = isEmptyLine || line.size == 0 && length <= eventMax;
        isEmptyLine = true;
        // of an event that is too long only its end is still looked for
        if (length <= eventMax && !isEmpty) {
            field();
        }
        line.clear();
        if (isEmpty) {
            dispatch();
        }
    }

    private void dispatch() {
        if (length > eventMax) {
            sink.tooLong(length);
        } else {
            if (!id.isEmpty()) {
                sink.id(id);
            }
            if (hasData && data.size > 0) {
                sink.event(type.isEmpty() ? DEFAULT_TYPE : type, data.copy());
            }
        }
        type = "";
        id = "";
        hasData = false;
        length = 0;
        data.clear();
    }

    private void field() {
        int colon = line.indexOf((byte) ':');
        if (colon == 0) {
            // comments keep the connection alive, and must not add up to an event
            length -= line.size;
            return;
        }
        int nameEnd = colon < 0 ? line.size : colon;
        int start = colon < 0 ? line.size : colon + 1;
        if (start < line.size && line.bytes[start] == ' ') {
            start++;
        }
        switch (new String(line.bytes, 0, Math.min(nameEnd, 6), UTF_8)) {
            case "data" -> addData(start);
            case "event" -> type = line.text(start);
            case "id" -> takeId(line.text(start));
            case "retry" -> takeRetry(line.text(start));
            default -> {
                // an unknown field is ignored
            }
        }
    }

    private void addData(int start) {
        if (hasData) {
            data.add((byte) '\n');
        }
        hasData = true;
        data.add(line.bytes, start, line.size);
    }

    private void takeId(String value) {
        // it will be sent back as a header
        if (value.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
            id = value;
        }
    }

    private void takeRetry(String digits) {
        if (!digits.isEmpty()
                && digits.length() <= RETRY_DIGITS_MAX
                && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            sink.retry(Long.parseLong(digits));
        }
    }

    private static final class Bytes {
        private byte[] bytes = {};
        private int size;

        void add(byte[] from, int start, int end) {
            room(end - start);
            System.arraycopy(from, start, bytes, size, end - start);
            size += end - start;
        }

        void add(byte b) {
            room(1);
            bytes[size++] = b;
        }

        private void room(int more) {
            if (size + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(HELD_MIN, Math.max(size + more, bytes.length * 2)));
            }
        }

        void clear() {
            size = 0;
            if (bytes.length > HELD_KEPT_MAX) {
                bytes = new byte[0];
            }
        }

        void dropByteOrderMark() {
            if (size >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF) {
                System.arraycopy(bytes, 3, bytes, 0, size - 3);
                size -= 3;
            }
        }

        int indexOf(byte b) {
            for (int i = 0; i < size; i++) {
                if (bytes[i] == b) {
                    return i;
                }
            }
            return -1;
        }

        String text(int start) {
            return new String(bytes, start, size - start, UTF_8);
        }

        byte[] copy() {
            return Arrays.copyOf(bytes, size);
        }
    }
}

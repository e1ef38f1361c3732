package org.mcpservermanager.protocol;

import java.nio.charset.StandardCharsets;

/** The bytes of a message and where the parts lie that we look at: a start and an end for each slot, -1 when absent. */
final class Envelope {
    static final int ID = 0;
    static final int METHOD = 2;
    static final int PARAMS = 4;
    static final int RESULT = 6;
    static final int ERROR = 8;
    static final int META = 10;
    static final int META_TOKEN = 12;
    static final int PARAMS_TOKEN = 14;
    static final int NAME = 16;
    static final int URI = 18;
    static final int SLOTS = 20;

    private final byte[] bytes;
    private final int[] spans;

    Envelope(byte[] bytes, int[] spans) {
        this.bytes = bytes;
        this.spans = spans;
    }

    /** Bytes to take the place of those from start to end. */
    static final class Edit {
        private final int start;
        private final int end;
        private final byte[] by;

        private Edit(int start, int end, byte[] by) {
            this.start = start;
            this.end = end;
            this.by = by;
        }

        int start() {
            return start;
        }

        static Edit of(int start, int end, String by) {
            return new Edit(start, end, by.getBytes(StandardCharsets.UTF_8));
        }

        byte[] of(byte[] bytes) {
            byte[] out = new byte[bytes.length - (end - start) + by.length];
            System.arraycopy(bytes, 0, out, 0, start);
            System.arraycopy(by, 0, out, start, by.length);
            System.arraycopy(bytes, end, out, start + by.length, bytes.length - end);
            return out;
        }
    }

    byte[] bytes() {
        return bytes;
    }

    boolean has(int slot) {
        return spans[slot] >= 0;
    }

    int start(int slot) {
        return spans[slot];
    }

    int end(int slot) {
        return spans[slot + 1];
    }

    /** The raw text; empty when absent. */
    String text(int slot) {
        return has(slot) ? text(start(slot), end(slot)) : "";
    }

    String text(int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }

    Edit edit(int slot, String by) {
        return Edit.of(start(slot), end(slot), by);
    }

    /** {@code edits} in the order of their places, without overlap, none of them around a slot. */
    Envelope with(Edit... edits) {
        int length = bytes.length;
        for (Edit edit : edits) {
            length += edit.by.length - (edit.end - edit.start);
        }
        byte[] out = new byte[length];
        int from = 0;
        int to = 0;
        for (Edit edit : edits) {
            System.arraycopy(bytes, from, out, to, edit.start - from);
            to += edit.start - from;
            System.arraycopy(edit.by, 0, out, to, edit.by.length);
            to += edit.by.length;
            from = edit.end;
        }
        System.arraycopy(bytes, from, out, to, bytes.length - from);
        return new Envelope(out, moved(edits));
    }

    private int[] moved(Edit... edits) {
        int[] moved = spans.clone();
        for (int i = 0; i < moved.length; i++) {
            for (Edit edit : edits) {
                if (spans[i] >= edit.end) {
                    moved[i] += edit.by.length - (edit.end - edit.start);
                }
            }
        }
        return moved;
    }
}

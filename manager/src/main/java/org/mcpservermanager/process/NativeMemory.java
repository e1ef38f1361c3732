package org.mcpservermanager.process;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Memory that the C library is shown. Confined to one thread at a time. */
final class NativeMemory {
    private final NativeCalls calls;
    private ByteBuffer bytes;
    private long address;

    NativeMemory(NativeCalls calls, int size) {
        this.calls = calls;
        allocate(size);
    }

    private void allocate(int size) {
        bytes = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
        try {
            address = calls.address(bytes);
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException("the JVM does not tell where memory is", changed);
        }
    }

    /** Empties it. */
    void reserve(int size) {
        if (bytes.capacity() < size) {
            allocate(size);
        }
        bytes.clear();
    }

    long address(int offset) {
        return address + offset;
    }

    int getInt(int offset) {
        return bytes.getInt(offset);
    }

    void putInt(int offset, int value) {
        bytes.putInt(offset, value);
    }

    long getLong(int offset) {
        return bytes.getLong(offset);
    }

    void putLong(int offset, long value) {
        bytes.putLong(offset, value);
    }

    /** Appends it as C does, and answers where it is. */
    long text(byte[] text) {
        long at = address(bytes.position());
        bytes.put(text).put((byte) 0);
        return at;
    }

    /** Appends them; their addresses go where the list is to be, with a zero behind them. Answers what is behind the list. */
    int texts(int list, List<byte[]> texts) {
        int at = list;
        for (byte[] text : texts) {
            putLong(at, text(text));
            at += Long.BYTES;
        }
        putLong(at, 0);
        return at + Long.BYTES;
    }

    void skipTo(int offset) {
        bytes.position(offset);
    }
}

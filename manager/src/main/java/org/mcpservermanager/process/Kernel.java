package org.mcpservermanager.process;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** The units in which the kernel counts, as it tells every process at its start (getauxval(3)). */
record Kernel(long pageBytes, long ticksPerSecond) {
    static final Kernel USUAL = new Kernel(4096, 100);
    private static final long PAGE_BYTES = 6;
    private static final long TICKS_PER_SECOND = 17;

    static Kernel ofThisMachine() {
        try {
            return parse(ByteBuffer.wrap(Files.readAllBytes(Path.of("/proc/self/auxv")))
                    .order(ByteOrder.nativeOrder()));
        } catch (IOException hidden) {
            // Some sandboxes hide it; other values than the usual ones are rare.
            return USUAL;
        }
    }

    static Kernel parse(ByteBuffer pairs) {
        long pageBytes = USUAL.pageBytes();
        long ticksPerSecond = USUAL.ticksPerSecond();
        try {
            for (long key = pairs.getLong(); key != 0; key = pairs.getLong()) {
                long value = pairs.getLong();
                pageBytes = key == PAGE_BYTES && value > 0 ? value : pageBytes;
                ticksPerSecond = key == TICKS_PER_SECOND && value > 0 ? value : ticksPerSecond;
            }
        } catch (BufferUnderflowException torn) {
            return USUAL;
        }
        return new Kernel(pageBytes, ticksPerSecond);
    }
}

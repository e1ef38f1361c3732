package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class KernelTest {
    @Test
    void findsItsUnitsAmongTheOthers() {
        assertEquals(new Kernel(65_536, 250), Kernel.parse(pairs(33, 1, 6, 65_536, 3, 9, 17, 250, 0, 0)));
    }

    @Test
    void takesTheUsualUnitsWhenTheyAreNotTold() {
        assertEquals(Kernel.USUAL, Kernel.parse(pairs(33, 1, 0, 0)));
        assertEquals(Kernel.USUAL, Kernel.parse(pairs(6, 65_536, 17)));
        assertEquals(Kernel.USUAL, Kernel.parse(pairs()));
    }

    private static ByteBuffer pairs(long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * Long.BYTES);
        for (long value : values) {
            buffer.putLong(value);
        }
        return buffer.flip();
    }
}

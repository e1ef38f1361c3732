package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatLineTest {
    private static final String REST =
            " 7 8 9 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 THREADS 0 12345 2686976 182 1844 1 1 0";

    private static Optional<Seen> parse(String name, char state, int threads) {
        return StatLine.parse("42 (" + name + ") " + state + REST.replace("THREADS", "" + threads) + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sh", "a b", "x) R 1 1 1", "((", ") S ("})
    void isNotFooledByANameOfItsOwn(String name) {
        assertEquals(Optional.of(new Seen(42, 7, 8, 12345, false)), parse(name, 'S', 1));
    }

    @Test
    void tellsDeadAndHaltedFromLiving() {
        assertEquals(Optional.empty(), parse("sh", 'Z', 1));
        assertEquals(Optional.empty(), parse("sh", 'X', 1));
        assertEquals(Optional.of(new Seen(42, 7, 8, 12345, false)), parse("sh", 'Z', 3), "its other threads live");
        assertEquals(Optional.of(new Seen(42, 7, 8, 12345, true)), parse("sh", 'T', 1));
    }

    @Test
    void leavesThreadsOfTheKernelOut() {
        String ofKernel = "42 (kworker/0:1) I" + REST.replace("THREADS", "1").replace("4194560", "69238880");
        assertEquals(Optional.empty(), StatLine.parse(ofKernel));
    }

    @Test
    void takesATornLineForNoProcess() {
        assertEquals(Optional.empty(), StatLine.parse(""));
        assertEquals(Optional.empty(), StatLine.parse("42 (sh"));
        assertEquals(Optional.empty(), StatLine.parse("42 (sh) S 1 2 3"));
    }
}

package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatTest {
    private static final String REST =
            " 7 8 9 0 -1 4194560 1 0 0 0 3 5 7 11 20 0 THREADS 0 12345 2686976 182 1844 1 1 0";

    private static Optional<Seen> parse(String name, char state, int threads) {
        return Stat.parse("42 (" + name + ") " + state + REST.replace("THREADS", "" + threads) + "\n")
                .filter(stat -> !stat.dead())
                .map(Stat::seen);
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
        assertEquals(Optional.empty(), Stat.parse(ofKernel));
    }

    @Test
    void tellsWhatAProcessUses() {
        Stat stat = Stat.parse("42 (sh) S" + REST.replace("THREADS", "6")).orElseThrow();

        assertEquals(new Stat(new Seen(42, 7, 8, 12345, false), false, 26, 6, 182), stat);
    }

    @Test
    void tellsTheDeadFromThoseThatAreGone() {
        assertEquals(
                true,
                Stat.parse("42 (sh) Z" + REST.replace("THREADS", "1"))
                        .orElseThrow()
                        .dead());
    }

    @Test
    void takesATornLineForNoProcess() {
        assertEquals(Optional.empty(), Stat.parse(""));
        assertEquals(Optional.empty(), Stat.parse("42 (sh"));
        assertEquals(Optional.empty(), Stat.parse("42 (sh) S 1 2 3"));
        String whole = "42 (sh) S" + REST.replace("THREADS", "1");
        assertEquals(Optional.empty(), Stat.parse(whole.substring(0, whole.indexOf(" 1844"))));
    }
}

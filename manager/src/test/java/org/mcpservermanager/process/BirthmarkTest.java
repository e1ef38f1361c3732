package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class BirthmarkTest {
    private static final int ROUNDS = 20_000;

    /** Every process gets its mark while others look at it. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void isTheOldOrTheNewOneWhileItChanges() throws Exception {
        Process child = new ProcessBuilder("sleep", "60").start();
        try {
            int before = Birthmark.of(child.pid());
            int after = 507;
            AtomicBoolean done = new AtomicBoolean();
            Thread changing = new Thread(() -> change(child.pid(), before, after, done));
            changing.start();
            Set<Integer> seen = IntStream.range(0, ROUNDS)
                    .map(round -> Birthmark.of(child.pid()))
                    .boxed()
                    .collect(Collectors.toSet());
            done.set(true);
            changing.join();
            assertEquals(Set.of(before, after), seen);
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    void isNoneForAProcessThatIsGone() throws Exception {
        Process child = new ProcessBuilder("true").start();
        child.waitFor();
        assertEquals(Birthmark.NONE, Birthmark.of(child.pid()));
    }

    private static void change(long pid, int before, int after, AtomicBoolean done) {
        Birthmark birthmark = Birthmark.ofThisMachine();
        while (!done.get()) {
            birthmark.put(pid, after);
            birthmark.put(pid, before);
        }
    }
}

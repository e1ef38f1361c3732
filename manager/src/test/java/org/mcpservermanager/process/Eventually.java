package org.mcpservermanager.process;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assertions;

/** Waits for a condition of the outside world that nobody announces. */
final class Eventually {
    private Eventually() {}

    /** Fails with the last value seen when it does not become the wanted one in time. */
    static <T> void becomes(T wanted, Duration limit, Supplier<T> actual) {
        long deadline = System.nanoTime() + limit.toNanos();
        T last = actual.get();
        while (!wanted.equals(last) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(2_000_000);
            last = actual.get();
        }
        Assertions.assertEquals(wanted, last, "after " + limit);
    }
}

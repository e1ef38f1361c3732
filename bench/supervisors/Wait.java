import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Polls every millisecond, where nothing tells. */
final class Wait {
    private Wait() {}

    static void until(BooleanSupplier condition, long seconds, String what) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("no " + what + " after " + seconds + " s");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}

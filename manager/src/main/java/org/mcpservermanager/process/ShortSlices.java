package org.mcpservermanager.process;

import java.io.File;
import java.lang.invoke.MethodHandle;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Asks Linux for short time slices for all threads of this JVM, and so for the servers it starts, which inherit that. Whoever wakes
 * up waits until the one that runs has had its slice, 1 to 4 ms: beside servers that keep the processors busy, that is what a call
 * waits for at each of its steps. It changes nothing about how much each gets. Linux grants it from 6.12 on, to everybody, and
 * ignores it before: sched_setattr(2).
 */
final class ShortSlices {
    /** The least that Linux grants. */
    static final long NANOS = 100_000;

    private static final Logger LOG = Logger.getLogger(ShortSlices.class.getName());
    private static final File THREADS = new File("/proc/self/task");
    /** Numbers of sched_setattr; sched_getattr has the next one. The C library has no functions for them before 2.41. */
    private static final Map<String, Long> NUMBERS = Map.of("amd64", 314L, "x86_64", 314L, "aarch64", 274L);

    private static final int BYTES = 48;
    private static final int POLICY_AT = 4;
    private static final int SLICE_AT = 24;
    private static final int ORDINARY = 0;

    private final MethodHandle call;
    private final NativeMemory attributes;
    private final long set;

    private ShortSlices(NativeCalls calls, long set) throws ReflectiveOperationException {
        call = calls.function("syscall", long.class, long.class, long.class, long.class, long.class, long.class);
        attributes = new NativeMemory(calls, BYTES);
        this.set = set;
    }

    /** Does nothing where this JVM was not allowed native calls. */
    static void ask() {
        Optional<Long> number = Optional.ofNullable(NUMBERS.get(System.getProperty("os.arch")));
        if (number.isEmpty() || !THREADS.isDirectory()) {
            return;
        }
        try {
            Optional<NativeCalls> calls = NativeCalls.ofThisJvm();
            if (calls.isPresent()) {
                new ShortSlices(calls.get(), number.get()).askForAll();
            }
        } catch (Throwable refused) {
            LOG.log(Level.FINE, "time slices stay as long as they are", refused);
        }
    }

    /** Who is started by a thread that was not asked for yet is found in the next round. */
    private void askForAll() throws Throwable {
        Set<String> asked = new HashSet<>();
        List<String> more = threadsBut(asked);
        while (!more.isEmpty()) {
            for (String thread : more) {
                ask(Long.parseLong(thread));
            }
            asked.addAll(more);
            more = threadsBut(asked);
        }
    }

    private static List<String> threadsBut(Set<String> known) {
        String[] all = THREADS.list();
        return all == null
                ? List.of()
                : Stream.of(all).filter(thread -> !known.contains(thread)).toList();
    }

    /** A thread that is gone, or that somebody gave another policy, is left as it is. */
    private void ask(long thread) throws Throwable {
        attributes.putInt(0, BYTES);
        long found = (long) call.invokeExact(set + 1, thread, attributes.address(0), (long) BYTES, 0L);
        if (found == 0 && attributes.getInt(POLICY_AT) == ORDINARY) {
            attributes.putLong(SLICE_AT, NANOS);
            long unused = (long) call.invokeExact(set, thread, attributes.address(0), 0L, 0L);
        }
    }
}

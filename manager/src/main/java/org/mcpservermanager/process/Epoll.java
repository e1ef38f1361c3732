package org.mcpservermanager.process;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One thread that waits for many descriptors: epoll(7). */
final class Epoll implements AutoCloseable {
    /** Called by that thread, which must not wait. */
    interface Listener {
        /** @param key as it was {@linkplain #add added} */
        void ready(int key) throws Throwable;

        /** Nothing is waited for any more. */
        void lost(Throwable failure);
    }

    private static final Logger LOG = Logger.getLogger(Epoll.class.getName());
    private static final int ADD = 1;
    private static final int DELETE = 2;
    private static final int MODIFY = 3;
    private static final int READABLE = 1;
    private static final int ONCE = 1 << 30;
    private static final int AT_ONCE_MAX = 64;
    /** struct epoll_event has no gap on this processor alone. */
    private static final boolean IS_PACKED = System.getProperty("os.arch").matches("amd64|x86_64");

    private static final int EVENT_BYTES = IS_PACKED ? 12 : 16;
    private static final int DATA_AT = IS_PACKED ? 4 : 8;
    private static final int BELL = 0;
    private static final long PAUSE_AFTER_FAILURE = 100_000_000L;

    private final NativeCalls calls;
    private final MethodHandle control;
    private final MethodHandle await;
    private final MethodHandle eventfd;
    private final int epoll;
    private final NativeMemory told;
    private final ThreadLocal<NativeMemory> events;
    private final Listener listener;
    private final Thread thread;

    /** @throws IOException the kernel cannot do it */
    Epoll(NativeCalls calls, String name, Listener listener) throws ReflectiveOperationException, IOException {
        this.calls = calls;
        control = calls.function("epoll_ctl", int.class, int.class, int.class, int.class, long.class);
        await = calls.function("epoll_wait", int.class, int.class, long.class, int.class, int.class);
        eventfd = calls.function("eventfd", int.class, int.class, int.class);
        told = new NativeMemory(calls, AT_ONCE_MAX * EVENT_BYTES);
        events = ThreadLocal.withInitial(() -> new NativeMemory(calls, EVENT_BYTES));
        this.listener = listener;
        MethodHandle create = calls.function("epoll_create1", int.class, int.class);
        try {
            epoll = (int) create.invokeExact(NativeCalls.CLOEXEC);
        } catch (Throwable failure) {
            throw NativeCalls.failed("epoll_create1", failure);
        }
        if (epoll < 0) {
            throw NativeCalls.exhausted("epoll_create1");
        }
        thread = new Thread(null, this::run, name, 256 << 10);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * From now on it is told when the descriptor can be read, as long as it can.
     *
     * @param key told with each event; not 0
     */
    void add(int descriptor, int key) throws IOException {
        control(ADD, descriptor, READABLE, key);
    }

    /** It is told once, and then not before this was called again. */
    void addOnce(int descriptor, int key, boolean again) throws IOException {
        control(again ? MODIFY : ADD, descriptor, READABLE | ONCE, key);
    }

    /** Closing is not enough: a process that is being started has all our descriptors too, for a moment. */
    void remove(int descriptor) throws IOException {
        control(DELETE, descriptor, 0, BELL);
    }

    private void control(int operation, int descriptor, int what, int key) throws IOException {
        NativeMemory event = events.get();
        event.putInt(0, what);
        event.putLong(DATA_AT, key);
        int result;
        try {
            result = (int) control.invokeExact(epoll, operation, descriptor, event.address(0));
        } catch (Throwable failure) {
            throw NativeCalls.failed("epoll_ctl", failure);
        }
        if (result < 0) {
            throw NativeCalls.exhausted("epoll_ctl");
        }
    }

    private void run() {
        try {
            boolean open = true;
            while (open) {
                int count = (int) await.invokeExact(epoll, told.address(0), AT_ONCE_MAX, -1);
                for (int i = 0; i < count; i++) {
                    int key = (int) told.getLong(i * EVENT_BYTES + DATA_AT);
                    open &= key != BELL;
                    if (key != BELL) {
                        tell(key);
                    }
                }
            }
        } catch (Throwable failure) {
            LOG.log(Level.SEVERE, "the thread " + thread.getName() + " waits for nothing any more", failure);
            listener.lost(failure);
        } finally {
            calls.close(epoll);
        }
    }

    /** Whatever fails for one, the others go on being waited for. */
    private void tell(int key) {
        try {
            listener.ready(key);
        } catch (Throwable failure) {
            LOG.log(Level.SEVERE, thread.getName() + ": what happened to " + key + " could not be told", failure);
            LockSupport.parkNanos(PAUSE_AFTER_FAILURE);
        }
    }

    /** Ends the thread. */
    @Override
    public void close() {
        try {
            int bell = (int) eventfd.invokeExact(1, NativeCalls.CLOEXEC);
            add(bell, BELL);
            thread.join(5_000);
            calls.close(bell);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (Throwable failure) {
            LOG.log(Level.WARNING, "the thread " + thread.getName() + " goes on", failure);
        }
    }
}

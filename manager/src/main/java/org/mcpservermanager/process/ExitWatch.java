package org.mcpservermanager.process;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Waits, in one thread, for the end of all children that {@link NativeSpawn} started: each is a descriptor (pidfd_open(2), Linux
 * 5.3) that epoll(7) tells of.
 */
final class ExitWatch implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ExitWatch.class.getName());
    private static final int CLOEXEC = 02000000;
    private static final long PIDFD_OPEN = 434;
    private static final int ADD = 1;
    private static final int DELETE = 2;
    private static final int READABLE = 1;
    private static final int NO_HANG = 1;
    private static final int AT_ONCE_MAX = 64;
    /** struct epoll_event has no gap on this processor alone. */
    private static final boolean IS_PACKED = System.getProperty("os.arch").matches("amd64|x86_64");

    private static final int EVENT_BYTES = IS_PACKED ? 12 : 16;
    private static final int DATA_AT = IS_PACKED ? 4 : 8;
    private static final int STATUS_AT = AT_ONCE_MAX * EVENT_BYTES;
    private static final int UNKNOWN = -1;
    private static final int TELLERS = 3;
    private static final long PAUSE_AFTER_FAILURE = 100_000_000L;

    private final NativeCalls calls;
    private final MethodHandle close;
    private final MethodHandle syscall;
    private final MethodHandle control;
    private final MethodHandle await;
    private final MethodHandle waitpid;
    private final MethodHandle eventfd;
    private final int epoll;
    private final NativeMemory told;
    private final ThreadLocal<NativeMemory> events;
    private final Map<Integer, Watched> children = new ConcurrentHashMap<>();
    private final Thread thread = new Thread(null, this::run, "mcp-reaper", 256 << 10);

    /** What depends on an end may take its time. */
    private final ExecutorService tellers = Executors.newFixedThreadPool(TELLERS, task -> {
        Thread made = new Thread(null, task, "mcp-exits", 512 << 10);
        made.setDaemon(true);
        return made;
    });

    private record Watched(int pidfd, CompletableFuture<Integer> exit) {}

    /** @throws IOException the kernel cannot do it */
    ExitWatch(NativeCalls calls) throws ReflectiveOperationException, IOException {
        this.calls = calls;
        close = calls.function("close", int.class, int.class);
        syscall = calls.function("syscall", long.class, long.class, long.class, long.class);
        control = calls.function("epoll_ctl", int.class, int.class, int.class, int.class, long.class);
        await = calls.function("epoll_wait", int.class, int.class, long.class, int.class, int.class);
        waitpid = calls.function("waitpid", int.class, int.class, long.class, int.class);
        eventfd = calls.function("eventfd", int.class, int.class, int.class);
        MethodHandle create = calls.function("epoll_create1", int.class, int.class);
        told = new NativeMemory(calls, STATUS_AT + Integer.BYTES);
        events = ThreadLocal.withInitial(() -> new NativeMemory(calls, EVENT_BYTES));
        try {
            closeNow(pidfd((int) ProcessHandle.current().pid()));
            epoll = (int) create.invokeExact(CLOEXEC);
        } catch (IOException failure) {
            throw failure;
        } catch (Throwable failure) {
            throw NativeCalls.failed("epoll_create1", failure);
        }
        if (epoll < 0) {
            throw NativeCalls.exhausted("epoll_create1");
        }
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Completes with what the JDK would call its exit value.
     *
     * @param pid a child of this JVM that nobody else waits for
     * @throws IOException descriptors are used up: it is not watched
     */
    CompletableFuture<Integer> exitOf(int pid) throws IOException {
        Watched child = new Watched(pidfd(pid), new CompletableFuture<>());
        children.put(pid, child);
        try {
            control(ADD, child.pidfd(), pid);
        } catch (IOException failure) {
            children.remove(pid);
            closeNow(child.pidfd());
            throw failure;
        }
        return child.exit();
    }

    /** For one that ends at once. */
    void waitFor(int pid) throws IOException {
        NativeMemory status = new NativeMemory(calls, Integer.BYTES);
        try {
            int unused = (int) waitpid.invokeExact(pid, status.address(0), 0);
        } catch (Throwable failure) {
            throw NativeCalls.failed("waitpid", failure);
        }
    }

    private int pidfd(int pid) throws IOException {
        long descriptor;
        try {
            descriptor = (long) syscall.invokeExact(PIDFD_OPEN, (long) pid, 0L);
        } catch (Throwable failure) {
            throw NativeCalls.failed("pidfd_open", failure);
        }
        if (descriptor < 0) {
            throw NativeCalls.exhausted("pidfd_open");
        }
        return (int) descriptor;
    }

    /** @param key told with each event; 0: the end of the watch */
    private void control(int operation, int descriptor, int key) throws IOException {
        NativeMemory event = events.get();
        event.putInt(0, READABLE);
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
                    open &= key != 0;
                    if (key != 0) {
                        reapNow(key);
                    }
                }
            }
        } catch (Throwable failure) {
            LOG.log(Level.SEVERE, "nobody waits for the end of processes any more", failure);
            children.values().forEach(child -> child.exit().completeExceptionally(failure));
        } finally {
            children.values().forEach(child -> closeNow(child.pidfd()));
            closeNow(epoll);
        }
    }

    /** Whatever fails for one, the others go on being waited for. */
    private void reapNow(int pid) {
        try {
            reap(pid);
        } catch (Throwable failure) {
            LOG.log(Level.SEVERE, "the end of pid " + pid + " could not be told", failure);
            LockSupport.parkNanos(PAUSE_AFTER_FAILURE);
        }
    }

    private void reap(int pid) throws Throwable {
        Watched child = children.get(pid);
        int which = (int) waitpid.invokeExact(pid, told.address(STATUS_AT), NO_HANG);
        if (which == 0) {
            return;
        }
        // From now on the number may be that of another child.
        children.remove(pid, child);
        int value = which == pid ? exitValue(told.getInt(STATUS_AT)) : UNKNOWN;
        child.exit().completeAsync(() -> value, tellers);
        // Closing is not enough: a process that is being started has all our descriptors too, for a moment.
        control(DELETE, child.pidfd(), pid);
        closeNow(child.pidfd());
    }

    private static int exitValue(int status) {
        int signal = status & 0x7f;
        return signal == 0 ? status >> 8 & 0xff : 128 + signal;
    }

    private void closeNow(int descriptor) {
        try {
            int unused = (int) close.invokeExact(descriptor);
        } catch (Throwable failure) {
            LOG.log(Level.WARNING, "descriptor " + descriptor + " stays open", failure);
        }
    }

    /** Ends the thread; what still lives is not waited for any more. */
    @Override
    public void close() {
        try {
            int bell = (int) eventfd.invokeExact(1, CLOEXEC);
            control(ADD, bell, 0);
            thread.join(5_000);
            closeNow(bell);
            tellers.shutdown();
            if (!tellers.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warning("the threads mcp-exits did not end within 5 s");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (Throwable failure) {
            LOG.log(Level.WARNING, "the thread mcp-reaper goes on", failure);
        }
    }
}

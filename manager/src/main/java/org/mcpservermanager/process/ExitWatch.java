package org.mcpservermanager.process;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;

/**
 * Waits, in one thread, for the end of all children that {@link NativeSpawn} started: each is a descriptor (pidfd_open(2), Linux
 * 5.3) that epoll(7) tells of.
 */
final class ExitWatch implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ExitWatch.class.getName());
    private static final long PIDFD_OPEN = 434;
    private static final int NO_HANG = 1;
    private static final int UNKNOWN = -1;
    private static final int TELLERS = 3;

    private final NativeCalls calls;
    private final MethodHandle syscall;
    private final MethodHandle waitpid;
    private final NativeMemory status;
    private final Epoll epoll;
    private final Map<Integer, Watched> children = new ConcurrentHashMap<>();

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
        syscall = calls.function("syscall", long.class, long.class, long.class, long.class);
        waitpid = calls.function("waitpid", int.class, int.class, long.class, int.class);
        status = new NativeMemory(calls, Integer.BYTES);
        calls.close(pidfd((int) ProcessHandle.current().pid()));
        epoll = new Epoll(calls, "mcp-reaper", new Epoll.Listener() {
            @Override
            public void ready(int key) throws Throwable {
                reap(key);
            }

            @Override
            public void lost(Throwable failure) {
                children.values().forEach(child -> child.exit().completeExceptionally(failure));
            }
        });
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
            epoll.add(child.pidfd(), pid);
        } catch (IOException failure) {
            children.remove(pid);
            calls.close(child.pidfd());
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

    private void reap(int pid) throws Throwable {
        Watched child = children.get(pid);
        int which = (int) waitpid.invokeExact(pid, status.address(0), NO_HANG);
        if (which == 0) {
            return;
        }
        // From now on the number may be that of another child.
        children.remove(pid, child);
        int value = which == pid ? exitValue(status.getInt(0)) : UNKNOWN;
        child.exit().completeAsync(() -> value, tellers);
        epoll.remove(child.pidfd());
        calls.close(child.pidfd());
    }

    private static int exitValue(int status) {
        int signal = status & 0x7f;
        return signal == 0 ? status >> 8 & 0xff : 128 + signal;
    }

    /** Ends the threads; what still lives is not waited for any more. */
    @Override
    public void close() {
        epoll.close();
        children.values().forEach(child -> calls.close(child.pidfd()));
        tellers.shutdown();
        try {
            if (!tellers.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warning("the threads mcp-exits did not end within 5 s");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

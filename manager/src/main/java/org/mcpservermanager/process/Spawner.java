package org.mcpservermanager.process;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/**
 * Starts processes from a few threads that live as long as the launcher: a process that asked to die with its parent dies with the
 * thread that spawned it, and more threads would only queue in the kernel.
 */
final class Spawner implements AutoCloseable {
    private static final int THREADS = 3;
    private static final long SECONDS_MAX = 30;
    private final Optional<NativeSpawn> direct;
    private final AtomicInteger number = new AtomicInteger();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
        Thread made = new Thread(null, task, "mcp-spawner-" + number.incrementAndGet(), 512 << 10);
        made.setDaemon(true);
        return made;
    });

    /** @param session what stands before a command that shall lead a session of its own */
    Spawner(List<String> session) {
        direct = NativeSpawn.ofThisJvm(session);
    }

    /** Whether a process can be born in all these control groups, which exist; else it has to enter them. */
    boolean knows(List<ControlGroup> groups) {
        return direct.isPresent() && direct.get().knows(groups);
    }

    private Process startNow(ProcessBuilder builder, List<ControlGroup> groups) throws IOException {
        return direct.isPresent() && NativeSpawn.isFor(builder) ? direct.get().start(builder, groups) : builder.start();
    }

    /**
     * @param groups control groups to be born in, {@link #knows known}; the streams are pipes then
     * @param first told the pid before anybody else, as soon as the process is there
     * @throws IOException as {@link ProcessBuilder#start} does, and when the system takes longer than 30 s
     */
    Process start(ProcessBuilder builder, List<ControlGroup> groups, LongConsumer first) throws IOException {
        CompletableFuture<Process> started = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                try {
                    Process process = startNow(builder, groups);
                    first.accept(process.pid());
                    if (!started.complete(process)) {
                        // Nobody waits any more.
                        process.destroyForcibly();
                    }
                } catch (IOException | RuntimeException | OutOfMemoryError failure) {
                    started.completeExceptionally(failure);
                } catch (Stay.Stranded stranded) {
                    started.completeExceptionally(new IOException(stranded));
                    throw stranded; // ends this thread; another takes its place
                }
            });
            return started.get(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (RejectedExecutionException closed) {
            throw new IOException("the launcher is closed", closed);
        } catch (TimeoutException late) {
            return abandon(started, "error=11, the system did not start the process within " + SECONDS_MAX + " s");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return abandon(started, "interrupted while the process was being started");
        } catch (ExecutionException failed) {
            throw rethrow(failed.getCause());
        }
    }

    private static Process abandon(CompletableFuture<Process> started, String why) throws IOException {
        IOException reason = new IOException(why);
        if (!started.completeExceptionally(reason) && !started.isCompletedExceptionally()) {
            started.join().destroyForcibly();
        }
        throw reason;
    }

    private static IOException rethrow(Throwable cause) {
        if (cause instanceof IOException failure) {
            return failure;
        }
        if (cause instanceof RuntimeException failure) {
            throw failure;
        }
        throw (Error) cause;
    }

    /** What it started is to be gone: nobody waits for the rest any more. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
        direct.ifPresent(NativeSpawn::close);
    }
}

package org.mcpservermanager.process;

import java.io.IOException;
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
    private final Inheritance inheritance = Inheritance.ofThisJvm();
    private final AtomicInteger number = new AtomicInteger();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
        Thread made = new Thread(null, task, "mcp-spawner-" + number.incrementAndGet(), 512 << 10);
        made.setDaemon(true);
        return made;
    });

    /**
     * @param first told the pid before anybody else, as soon as the process is there
     * @throws IOException as {@link ProcessBuilder#start} does, and when the system takes longer than 30 s
     */
    Process start(ProcessBuilder builder, LongConsumer first) throws IOException {
        CompletableFuture<Process> started = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                try {
                    Process process = builder.start();
                    first.accept(process.pid());
                    inheritance.refuse(process);
                    if (!started.complete(process)) {
                        // Nobody waits any more.
                        process.destroyForcibly();
                    }
                } catch (IOException | RuntimeException | OutOfMemoryError failure) {
                    started.completeExceptionally(failure);
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
    }
}

package org.mcpservermanager.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * A shell that outlives this JVM by seconds: it waits on a pipe, and when the pipe ends without a farewell it ends every tree of
 * this run. As it runs anyway, it also sends the signals that Java cannot. All orders go through one thread, so a shell that hangs
 * holds up nobody; it is replaced when its queue is full, and when it dies.
 */
final class Guardian implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Guardian.class.getName());
    private static final int ORDERS_WAITING_MAX = 4096;
    private static final int REPLACEMENTS_MAX = 100;
    private static final Duration TOLD_MAX = Duration.ofSeconds(5);
    private final List<String> command;
    private final Duration toldMax;
    private final ThreadPoolExecutor thread;
    /** Group to start time, complete even when an order was lost: a new shell is told all of it. */
    private final Map<Long, Long> watched = new ConcurrentHashMap<>();

    /** Orders to watch that somebody may wait for; a new shell is told them with all others. */
    private final Map<Long, CompletableFuture<Void>> untold = new ConcurrentHashMap<>();

    /** What encloses a launch, by its number. */
    private final Map<Long, String> wills = new ConcurrentHashMap<>();

    /** Touched in the guardian's thread only, as is the next. */
    private int replacements;

    private boolean leaving;
    /** Written in the guardian's thread; read by whoever finds the queue full. */
    private volatile Process shell;

    private final AtomicReference<Process> hanging = new AtomicReference<>();

    /** @param prefix what makes the shell a session of its own, e.g. {@code setsid}; empty: no guardian on this machine */
    Guardian(List<String> prefix, String pattern) {
        this(prefix, pattern, TOLD_MAX);
    }

    /** @param toldMax how long {@link #awaitTold} waits before the shell is replaced */
    Guardian(List<String> prefix, String pattern, Duration toldMax) {
        this.toldMax = toldMax;
        command = prefix.isEmpty()
                ? List.of()
                : List.of(
                        prefix.get(0), ShellStep.SHELL, "-c", ShellStep.script("guardian.sh"), "mcp-guardian", pattern);
        thread = new ThreadPoolExecutor(
                1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(ORDERS_WAITING_MAX), task -> {
                    Thread made = new Thread(null, task, "mcp-guardian", 256 << 10);
                    made.setDaemon(true);
                    return made;
                });
        if (!command.isEmpty()) {
            run(this::begin);
        }
    }

    boolean isPresent() {
        return !command.isEmpty();
    }

    /** The shell's pid; 0 while there is none. */
    long pid() {
        Process current = shell;
        return current != null && current.isAlive() ? current.pid() : 0;
    }

    /** @return completes when the order is where the death of this JVM does not take it back */
    CompletableFuture<Void> watch(long group, long start) {
        watched.put(group, start);
        if (command.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> told = new CompletableFuture<>();
        untold.put(group, told);
        told.thenRun(() -> untold.remove(group));
        run(() -> {
            say("+ " + group + " " + start);
            told.complete(null);
        });
        return told;
    }

    /** A shell that takes no orders for that long is replaced, and its successor is told. */
    void awaitTold(CompletableFuture<Void> order) {
        try {
            order.get(toldMax.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            replace();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException failed) {
            throw new IllegalStateException("an order to the guardian is never failed", failed);
        }
    }

    void forget(long group) {
        watched.remove(group);
        run(() -> say("- " + group));
    }

    /**
     * @param launch its number: it is told before there is a process
     * @param will as {@link Enclosure#will}
     */
    void entrust(long launch, String will) {
        wills.put(launch, will);
        run(() -> say(order(launch, will)));
    }

    private static String order(long launch, String will) {
        return will.substring(0, 1) + " " + launch + will.substring(1);
    }

    /** Nothing is left of that launch. */
    void release(long launch) {
        if (wills.remove(launch) != null) {
            run(() -> say("f " + launch));
        }
    }

    /** @param ids negative: a group */
    void signal(String signal, List<Long> ids) {
        if (!ids.isEmpty()) {
            run(() ->
                    say("s " + signal + " " + ids.stream().map(String::valueOf).collect(Collectors.joining(" "))));
        }
    }

    private void run(Runnable order) {
        if (command.isEmpty()) {
            return;
        }
        try {
            thread.execute(order);
        } catch (RejectedExecutionException full) {
            replace();
        }
    }

    private void replace() {
        Process current = shell;
        if (current != null && !thread.isShutdown() && hanging.getAndSet(current) != current) {
            LOG.warning("the guardian (pid " + current.pid() + ") takes no orders and is ended");
            // Its successor is told all that is watched; a lost signal is followed by KILL, which needs no
            // guardian.
            thread.getQueue().clear();
            current.destroyForcibly();
        }
    }

    private void begin() {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .directory(new java.io.File("/"));
        builder.environment().clear();
        // The runtimes of containers need more than a shell does.
        builder.environment().putAll(ContainerCli.environment());
        builder.environment().putAll(Map.of("PATH", BaseEnvironment.PATH_DEFAULT, "LC_ALL", "C"));
        try {
            Process begun = builder.start();
            shell = begun;
            List<CompletableFuture<Void>> before = List.copyOf(untold.values());
            begun.onExit().thenRun(() -> run(() -> ended(begun)));
            watched.forEach((group, start) -> say("+ " + group + " " + start));
            wills.forEach((launch, will) -> say(order(launch, will)));
            before.forEach(told -> told.complete(null));
        } catch (IOException failure) {
            LOG.log(
                    Level.WARNING,
                    "the guardian could not be started: if this JVM is killed, servers stay until the next start of the manager",
                    failure);
        }
    }

    private void ended(Process which) {
        if (leaving || which != shell) {
            return;
        }
        if (++replacements > REPLACEMENTS_MAX) {
            shell = null;
            LOG.severe(
                    "the guardian ended " + replacements + " times and is not replaced any more: if this JVM is killed,"
                            + " servers stay until the next start of the manager");
            return;
        }
        LOG.warning("the guardian (pid " + which.pid() + ") ended and is replaced");
        begin();
    }

    private void say(String order) {
        Process current = shell;
        if (current == null) {
            return;
        }
        try {
            current.getOutputStream().write((order + "\n").getBytes(StandardCharsets.US_ASCII));
            current.getOutputStream().flush();
        } catch (IOException broken) {
            LOG.log(Level.FINE, "order not taken by the guardian: " + order, broken);
            ended(current);
        }
    }

    /** Says farewell; but while something is still watched it leaves without a word, and the shell ends what is left. */
    @Override
    public void close() {
        run(() -> {
            leaving = true;
            if (watched.isEmpty() && wills.isEmpty()) {
                say("q");
            }
        });
        thread.shutdown();
        try {
            boolean orderly = thread.awaitTermination(2, TimeUnit.SECONDS);
            Process last = shell;
            if (last != null) {
                end(last, orderly);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void end(Process last, boolean orderly) throws InterruptedException {
        if (!orderly) {
            // Its pipe is full and a writer hangs in it, so that closing the pipe would hang too.
            last.destroyForcibly();
        }
        try {
            last.getOutputStream().close();
        } catch (IOException alreadyBroken) {
            LOG.log(Level.FINE, "the guardian was gone before the farewell", alreadyBroken);
        }
        if (!last.waitFor(5, TimeUnit.SECONDS)) {
            last.destroyForcibly();
        }
    }
}

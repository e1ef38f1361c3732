package org.mcpservermanager.transport;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Threads for code that is not ours: so many at most, none while there is nothing to do. Whoever uses it bounds what waits. */
public final class Lane extends ThreadPoolExecutor {
    private static final Duration IDLE_MAX = Duration.ofSeconds(2);
    private static final int FRAMES_SHOWN = 3;
    private static final Pattern OF_THE_JDK = Pattern.compile("^(java|jdk|sun)\\.");

    private final Set<Thread> busy = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    public Lane(int threadsMax, ThreadFactory threads) {
        super(threadsMax, threadsMax, IDLE_MAX.toMillis(), TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), threads);
        allowCoreThreadTimeOut(true);
    }

    /** Completes when it was shut down and its last task has returned. */
    public CompletableFuture<Void> ended() {
        return ended;
    }

    public void interrupt() {
        busy.forEach(Thread::interrupt);
    }

    /** Where its threads are, for people who look for the one that hangs; empty when all have returned. */
    public String whereabouts() {
        return busy.stream()
                .map(thread -> Arrays.stream(thread.getStackTrace())
                        .filter(frame ->
                                !OF_THE_JDK.matcher(frame.getClassName()).find())
                        .limit(FRAMES_SHOWN)
                        .map(StackTraceElement::toString)
                        .collect(Collectors.joining(" < ", "at ", "")))
                .sorted()
                .distinct()
                .collect(Collectors.joining("; "));
    }

    @Override
    protected void beforeExecute(Thread thread, Runnable task) {
        busy.add(thread);
    }

    @Override
    protected void afterExecute(Runnable task, Throwable failure) {
        busy.remove(Thread.currentThread());
        // meant for the task that has returned
        Thread.interrupted();
    }

    @Override
    protected void terminated() {
        ended.complete(null);
    }
}

package org.mcpservermanager.boot;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that supervision and observers run on. Plain ones: they need no container context, and must work while the
 * application is still starting and when it is ending, which managed executors refuse. To schedule something on one of those also
 * costs a search through the jars of the application, for each call.
 */
final class Workers {
    private static final int THREADS = 16;
    private static final int TIMER_THREADS = 2;

    private Workers() {}

    static ExecutorService open() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads("mcp-worker"));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** One thread, for what must stay in order. */
    static ExecutorService openOne(String name) {
        return Executors.newSingleThreadExecutor(threads(name));
    }

    /** For what is to happen later, and is short. */
    static ScheduledExecutorService openTimer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(TIMER_THREADS, threads("mcp-timer"));
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    static ThreadFactory threads(String name) {
        ClassLoader ours = Workers.class.getClassLoader();
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            thread.setContextClassLoader(ours);
            return thread;
        };
    }
}

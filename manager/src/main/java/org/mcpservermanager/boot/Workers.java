package org.mcpservermanager.boot;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The threads that supervision and observers run on. Plain ones: they need no container context, and must work while the
 * application is still starting and when it is ending, which managed executors refuse. To schedule something on one of those also
 * costs a search through the jars of the application, for each call.
 *
 * <p>All are there from the beginning and stay: on a host that is out of processes or threads none could be made, at the moment
 * when a server that died has to be supervised. Idle they cost some kilobytes each.
 */
final class Workers {
    private static final Logger LOG = Logger.getLogger(Workers.class.getName());
    private static final int THREADS = 16;
    private static final int TIMER_THREADS = 2;

    private Workers() {}

    static ExecutorService open() {
        return new Lasting(THREADS, "mcp-worker");
    }

    /** One thread, for what must stay in order. */
    static ExecutorService openOne(String name) {
        return new Lasting(1, name);
    }

    /** For what is to happen later, and is short. */
    static ScheduledExecutorService openTimer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(TIMER_THREADS, threads("mcp-timer"));
        timer.setRemoveOnCancelPolicy(true);
        timer.prestartAllCoreThreads();
        return timer;
    }

    private static final class Lasting extends ThreadPoolExecutor {
        private Lasting(int threads, String name) {
            super(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads(name));
            prestartAllCoreThreads();
        }

        /** A task that fails would end its thread, and its successor may be one that cannot be made. */
        @Override
        public void execute(Runnable task) {
            super.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException | Error failure) {
                    LOG.log(Level.SEVERE, "a task of the manager failed", failure);
                }
            });
        }
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

package org.mcpservermanager.transport;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Platform threads for pipes: a read on a pipe pins the carrier of a virtual thread, and a few hundred would starve the JVM. One that
 * has nothing left to do is kept for two seconds, as many servers that die together come back together.
 */
final class Threads {
    private static final int IDLE_SECONDS_MAX = 2;
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final ThreadPoolExecutor POOL = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, IDLE_SECONDS_MAX, TimeUnit.SECONDS, new SynchronousQueue<>(), Threads::make);

    private Threads() {}

    /** For what lasts: the thread has this name meanwhile. */
    static void run(String name, Runnable body) {
        run(() -> {
            Thread current = Thread.currentThread();
            String before = current.getName();
            current.setName(name);
            try {
                body.run();
            } finally {
                current.setName(before);
            }
        });
    }

    /** For what is mostly short; it waits for nobody. */
    static void run(Runnable body) {
        POOL.execute(body);
    }

    private static Thread make(Runnable body) {
        Thread thread = new Thread(body, "mcp-pipes-" + NUMBER.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }
}

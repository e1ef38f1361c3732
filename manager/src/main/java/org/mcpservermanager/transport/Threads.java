package org.mcpservermanager.transport;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Platform threads for pipes: a read on a pipe pins the carrier of a virtual thread, and a few hundred would starve the JVM. */
final class Threads {
    private static final int IDLE_SECONDS_MAX = 2;
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final ThreadPoolExecutor POOL = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS_MAX,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> make("mcp-pipes-" + NUMBER.incrementAndGet(), task));

    private Threads() {}

    /** For what lasts. */
    static void start(String name, Runnable body) {
        make(name, body).start();
    }

    /** For what is mostly short; it waits for nobody. */
    static void run(Runnable body) {
        POOL.execute(body);
    }

    private static Thread make(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        return thread;
    }
}

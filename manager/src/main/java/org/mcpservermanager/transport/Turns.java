package org.mcpservermanager.transport;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs tasks one after the other on a shared executor, from its beginning on; after some of them others have their turn. */
final class Turns {
    private static final int TURN = 64;
    private static final System.Logger LOG = System.getLogger(Turns.class.getName());

    private final Executor executor;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    /** One more than there are tasks until it begins, so that nobody runs them before. */
    private final AtomicInteger count = new AtomicInteger(1);

    Turns(Executor executor) {
        this.executor = executor;
    }

    void begin() {
        executor.execute(this::run);
    }

    void add(Runnable task) {
        tasks.add(task);
        if (count.getAndIncrement() == 0) {
            executor.execute(this::run);
        }
    }

    private void run() {
        for (int i = 0; i < TURN; i++) {
            Runnable next = tasks.poll();
            if (next != null) {
                guarded(next);
            }
            if (count.decrementAndGet() == 0) {
                return;
            }
        }
        executor.execute(this::run);
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException failure) {
            // a receiver that fails on one message must not end the conversation of all others
            LOG.log(System.Logger.Level.ERROR, "the receiver of a custom server's messages failed", failure);
        }
    }
}

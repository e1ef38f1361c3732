package org.mcpservermanager.supervision;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Runs tasks one after the other, in order, on whatever thread the executor has; no lock is held while a task runs. */
final class Mailbox implements Executor {
    private static final Logger LOG = Logger.getLogger(Mailbox.class.getName());
    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Executor executor;

    Mailbox(Executor executor) {
        this.executor = executor;
    }

    @Override
    public void execute(Runnable task) {
        inbox.add(task);
        if (waiting.getAndIncrement() == 0) {
            executor.execute(this::drain);
        }
    }

    private void drain() {
        do {
            Runnable task = inbox.poll();
            try {
                task.run();
            } catch (RuntimeException failure) {
                LOG.log(Level.SEVERE, "supervision step failed; the server's supervisor goes on", failure);
            }
        } while (waiting.decrementAndGet() > 0);
    }
}

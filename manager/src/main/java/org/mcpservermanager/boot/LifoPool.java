package org.mcpservermanager.boot;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A pool that gives a task to the thread that became idle last, so that the others end when there is little to do. A
 * ThreadPoolExecutor serves its idle threads in turn: a task a second keeps all of them alive for ever.
 */
final class LifoPool extends AbstractExecutorService {
    private static final Logger LOG = Logger.getLogger(LifoPool.class.getName());
    private final int threadsMax;
    private final long idleNanos;
    private final ThreadFactory factory;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private final Deque<Runnable> tasks = new ArrayDeque<>(); // guarded by lock
    private final Deque<Worker> idle = new ArrayDeque<>(); // guarded by lock
    private final Set<Worker> workers = new HashSet<>(); // guarded by lock
    private boolean shutdown; // guarded by lock

    LifoPool(int threadsMax, long idleFor, TimeUnit unit, ThreadFactory factory) {
        this.threadsMax = threadsMax;
        this.idleNanos = unit.toNanos(idleFor);
        this.factory = factory;
    }

    @Override
    public void execute(Runnable task) {
        Worker fresh = null;
        lock.lock();
        try {
            if (shutdown) {
                throw new RejectedExecutionException("the pool is shut down");
            }
            Worker last = idle.pollFirst();
            if (last != null) {
                last.give(task);
            } else if (workers.size() < threadsMax) {
                fresh = new Worker(task);
                workers.add(fresh);
            } else {
                tasks.addLast(task);
            }
        } finally {
            lock.unlock();
        }
        if (fresh != null) {
            begin(fresh);
        }
    }

    private void begin(Worker fresh) {
        boolean begun = false;
        try {
            fresh.thread.start();
            begun = true;
        } finally {
            if (!begun) {
                left(fresh);
            }
        }
    }

    private void left(Worker worker) {
        lock.lock();
        try {
            workers.remove(worker);
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return workers.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void shutdown() {
        lock.lock();
        try {
            shutdown = true;
            idle.forEach(Worker::wake);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        lock.lock();
        try {
            List<Runnable> never = new ArrayList<>(tasks);
            tasks.clear();
            workers.forEach(worker -> worker.thread.interrupt());
            return never;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isShutdown() {
        lock.lock();
        try {
            return shutdown;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isTerminated() {
        lock.lock();
        try {
            return shutdown && workers.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        long left = unit.toNanos(timeout);
        lock.lock();
        try {
            while (!shutdown || !workers.isEmpty()) {
                if (left <= 0) {
                    return false;
                }
                left = ended.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private final class Worker implements Runnable {
        private final Thread thread = factory.newThread(this);
        private final Condition woken = lock.newCondition();
        private Runnable task; // guarded by lock; null: none was given

        private Worker(Runnable first) {
            task = first;
        }

        private void give(Runnable next) {
            task = next;
            woken.signal();
        }

        private void wake() {
            woken.signal();
        }

        @Override
        public void run() {
            try {
                for (Runnable next = next(); next != null; next = next()) {
                    try {
                        next.run();
                    } catch (RuntimeException failure) {
                        LOG.log(Level.SEVERE, "a task failed", failure);
                    }
                    if (Thread.interrupted()) {
                        LOG.finest("an interrupt was meant for the task before");
                    }
                }
            } finally {
                left(this);
            }
        }

        /** Null when there is nothing to do any more. */
        private Runnable next() {
            lock.lock();
            try {
                if (task == null && !tasks.isEmpty()) {
                    return tasks.pollFirst();
                }
                if (task == null && !shutdown) {
                    waitForTask();
                }
                Runnable given = task;
                task = null;
                if (given == null) {
                    // whoever looks from now on must not count on this one
                    workers.remove(this);
                }
                return given;
            } finally {
                lock.unlock();
            }
        }

        private void waitForTask() {
            idle.addFirst(this);
            long left = idleNanos;
            while (task == null && !shutdown && left > 0) {
                try {
                    left = woken.awaitNanos(left);
                } catch (InterruptedException late) {
                    // left over from the last task, or of shutdownNow, which is looked at above
                    left = Math.max(1, left);
                }
            }
            idle.remove(this);
        }
    }
}

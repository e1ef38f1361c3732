package org.mcpservermanager.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LifoPoolTest {
    private final LifoPool pool = new LifoPool(8, 50, TimeUnit.MILLISECONDS, task -> {
        Thread thread = new Thread(task, "lifo-test");
        thread.setDaemon(true);
        return thread;
    });

    @AfterEach
    void close() throws Exception {
        pool.shutdownNow();
        assertTrue(pool.awaitTermination(10, TimeUnit.SECONDS));
        assertEquals(0, pool.size());
    }

    private void allBusy() throws Exception {
        CyclicBarrier together = new CyclicBarrier(9);
        for (int i = 0; i < 8; i++) {
            pool.submit(() -> together.await());
        }
        together.await();
    }

    @Test
    void threadsThatAreNotNeededEndThoughTasksGoOnComing() throws Exception {
        allBusy();
        assertEquals(8, pool.size());
        AtomicInteger done = new AtomicInteger();
        int sent = 0;
        while (pool.size() > 1 || sent < 20) {
            pool.execute(done::incrementAndGet);
            sent++;
            while (done.get() < sent) {
                Thread.onSpinWait();
            }
            LockSupport.parkNanos(2_000_000);
        }
        assertTrue(sent >= 20, "one thread is enough for tasks that come one by one");
    }

    @Test
    void runsEverythingOnAsManyThreadsAsItMay() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(20_000);
        List<Thread> senders = IntStream.range(0, 4)
                .mapToObj(each -> new Thread(() -> {
                    for (int i = 0; i < 5_000; i++) {
                        pool.execute(() -> {
                            most.accumulateAndGet(now.incrementAndGet(), Math::max);
                            now.decrementAndGet();
                            done.countDown();
                        });
                    }
                }))
                .toList();
        senders.forEach(Thread::start);
        assertTrue(done.await(15, TimeUnit.SECONDS), () -> "left: " + done.getCount());
        assertTrue(most.get() <= 8, () -> "at a time: " + most);
    }

    @Test
    void aTaskThatFailsCostsNoThread() throws Exception {
        CountDownLatch ran = new CountDownLatch(10);
        for (int i = 0; i < 10; i++) {
            pool.execute(() -> {
                ran.countDown();
                throw new IllegalStateException("on purpose");
            });
        }
        assertTrue(ran.await(10, TimeUnit.SECONDS));
    }

    @Test
    void whatWasTakenIsDoneBeforeItEndsAndNothingIsTakenAfter() throws Exception {
        AtomicInteger done = new AtomicInteger();
        CountDownLatch open = new CountDownLatch(1);
        for (int i = 0; i < 50; i++) {
            pool.submit(() -> {
                open.await();
                return done.incrementAndGet();
            });
        }
        pool.shutdown();
        assertThrows(RejectedExecutionException.class, () -> pool.execute(() -> {}));
        assertFalse(pool.isTerminated());
        open.countDown();
        assertTrue(pool.awaitTermination(10, TimeUnit.SECONDS));
        assertEquals(50, done.get());
        assertTrue(pool.isTerminated());
    }
}

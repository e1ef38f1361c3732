package org.mcpservermanager.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WorkersTest {
    private static void allAreThere(ThreadPoolExecutor pool, int threads) {
        assertEquals(threads, pool.getPoolSize());
        assertEquals(threads, pool.getCorePoolSize());
        assertFalse(pool.allowsCoreThreadTimeOut());
    }

    @Test
    void needNoThreadLaterBecauseAllAreThereFromTheBeginning() {
        ThreadPoolExecutor pool = (ThreadPoolExecutor) Workers.open();
        ThreadPoolExecutor one = (ThreadPoolExecutor) Workers.openOne("mcp-one");
        ThreadPoolExecutor timer = (ThreadPoolExecutor) Workers.openTimer();
        try {
            allAreThere(pool, 16);
            allAreThere(one, 1);
            allAreThere(timer, 2);
        } finally {
            pool.shutdownNow();
            one.shutdownNow();
            timer.shutdownNow();
        }
    }

    @Test
    void aTaskThatThrowsAnErrorCostsNoThread() throws Exception {
        ThreadPoolExecutor one = (ThreadPoolExecutor) Workers.openOne("mcp-one");
        Set<String> threads = ConcurrentHashMap.newKeySet();
        CountDownLatch done = new CountDownLatch(10);
        try {
            for (int i = 0; i < 10; i++) {
                one.execute(() -> {
                    threads.add(Thread.currentThread().getName());
                    done.countDown();
                    throw new OutOfMemoryError("planned");
                });
            }
            assertTrue(done.await(10, TimeUnit.SECONDS));
            assertEquals(Set.of("mcp-one-1"), threads);
        } finally {
            one.shutdownNow();
        }
    }
}

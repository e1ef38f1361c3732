package org.mcpservermanager.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.server.ServerId;

class EventQueueTest {
    private final Events events = new Events();
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<String> seen = new ArrayList<>();

    private final EventQueue.Sink sink = new EventQueue.Sink() {
        @Override
        public void accept(Event event) {
            seen.add(((Event.Output) event).line());
        }

        @Override
        public void dropped(long count) {
            seen.add("dropped " + count);
        }
    };

    private void publish(int... lines) {
        for (int line : lines) {
            events.publish(new Event.Output(new ServerId("a"), 1, false, line, "" + line, FakeFleet.NOW));
        }
    }

    private void runTasks() {
        while (!tasks.isEmpty()) {
            tasks.poll().run();
        }
    }

    @Test
    void handsEventsOnInOrderAndNotOnThePublishersThread() {
        try (EventQueue queue = new EventQueue(events, tasks::add, 10, sink)) {
            publish(1, 2, 3);
            assertEquals(List.of(), seen);
            assertEquals(1, tasks.size(), "one task at a time");
            runTasks();
            assertEquals(List.of("1", "2", "3"), seen);
            assertTrue(queue.run(() -> seen.add("task")));
            publish(4);
            runTasks();
            assertEquals(List.of("1", "2", "3", "task", "4"), seen);
        }
    }

    @Test
    void dropsWhatDoesNotFitAndSaysSo() {
        try (EventQueue queue = new EventQueue(events, tasks::add, 2, sink)) {
            publish(1, 2, 3, 4);
            assertFalse(queue.run(() -> seen.add("task")));
            runTasks();
            assertEquals(List.of("dropped 2", "1", "2"), seen);
            publish(5);
            runTasks();
            assertEquals(List.of("dropped 2", "1", "2", "5"), seen);
        }
    }

    @Test
    void survivesASinkThatFails() {
        AtomicInteger calls = new AtomicInteger();
        EventQueue.Sink failing = new EventQueue.Sink() {
            @Override
            public void accept(Event event) {
                if (calls.incrementAndGet() == 1) {
                    throw new IllegalStateException("planned");
                }
            }

            @Override
            public void dropped(long count) {
                throw new AssertionError("nothing is dropped here");
            }
        };
        try (EventQueue queue = new EventQueue(events, tasks::add, 10, failing)) {
            publish(1, 2, 3);
            runTasks();
            assertEquals(3, calls.get());
            assertTrue(queue.run(() -> seen.add("alive")));
        }
    }

    @Test
    void goesOnAfterAThreadThatCouldNotBeMadeAndAnErrorOfTheSink() {
        boolean[] threadless = {true};
        EventQueue.Sink failing = new EventQueue.Sink() {
            @Override
            public void accept(Event event) {
                sink.accept(event);
                if (seen.size() == 1) {
                    throw new OutOfMemoryError("planned");
                }
            }

            @Override
            public void dropped(long count) {
                throw new AssertionError("nothing is dropped here");
            }
        };
        Executor shaky = task -> {
            if (threadless[0]) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            tasks.add(task);
        };
        try (EventQueue queue = new EventQueue(events, shaky, 10, failing)) {
            publish(1, 2);
            threadless[0] = false;
            publish(3);
            runTasks();
            assertEquals(List.of("1", "2", "3"), seen);
            assertTrue(queue.run(() -> {}));
        }
    }

    @Test
    void hearsNothingAfterItWasClosed() {
        EventQueue queue = new EventQueue(events, tasks::add, 10, sink);
        publish(1);
        queue.close();
        publish(2);
        runTasks();
        assertEquals(List.of(), seen);
        assertFalse(queue.run(() -> seen.add("task")));
    }

    @Test
    void losesNothingBetweenManyPublishers() throws Exception {
        int each = 2000;
        int publishers = 4;
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger count = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(each * publishers);
        EventQueue.Sink counting = new EventQueue.Sink() {
            @Override
            public void accept(Event event) {
                if (inside.incrementAndGet() == 1) {
                    count.incrementAndGet();
                }
                inside.decrementAndGet();
                done.countDown();
            }

            @Override
            public void dropped(long dropped) {
                throw new AssertionError("nothing is dropped here");
            }
        };
        ExecutorService pool = Executors.newFixedThreadPool(publishers + 2);
        try (EventQueue queue = new EventQueue(events, pool, each * publishers, counting)) {
            for (int i = 0; i < publishers; i++) {
                pool.execute(() -> {
                    for (int line = 0; line < each; line++) {
                        publish(line);
                    }
                });
            }
            assertTrue(done.await(10, TimeUnit.SECONDS), () -> "still missing " + done.getCount());
            assertEquals(each * publishers, count.get(), "one at a time");
            assertTrue(queue.run(() -> {}));
        } finally {
            pool.shutdownNow();
        }
    }
}

package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MailboxTest {
    private final VirtualTime time = new VirtualTime();
    private final Deque<Runnable> handed = new ArrayDeque<>();
    private final List<Integer> done = new ArrayList<>();
    private Throwable trouble;
    private boolean taken;

    private final Mailbox mailbox = new Mailbox(
            drain -> {
                if (trouble == null || taken) {
                    handed.add(drain);
                }
                if (trouble instanceof Error error) {
                    throw error;
                }
                if (trouble instanceof RuntimeException refusal) {
                    throw refusal;
                }
            },
            time);

    private void post(int... tasks) {
        for (int task : tasks) {
            assertDoesNotThrow(() -> mailbox.execute(() -> done.add(task)));
        }
    }

    private void runHanded() {
        while (!handed.isEmpty()) {
            handed.poll().run();
        }
    }

    @Test
    void goesOnByItselfWhenThreadsCanBeMadeAgain() {
        trouble = new OutOfMemoryError("unable to create native thread");
        post(1, 2);
        time.advanceMillis(5 * Mailbox.RETRY_MILLIS);
        runHanded();
        assertEquals(List.of(), done);
        trouble = null;
        time.advanceMillis(Mailbox.RETRY_MILLIS);
        runHanded();
        assertEquals(List.of(1, 2), done);
        post(3);
        runHanded();
        assertEquals(List.of(1, 2, 3), done);
    }

    @Test
    void goesOnAfterItsExecutorRefused() {
        trouble = new RejectedExecutionException("planned");
        post(1);
        trouble = null;
        post(2);
        time.advanceMillis(Mailbox.RETRY_MILLIS);
        runHanded();
        assertEquals(List.of(1, 2), done);
    }

    @Test
    void theNextPostTriesAgainWhereTheTimerRefuses() {
        trouble = new OutOfMemoryError("unable to create native thread");
        Deque<Runnable> asked = new ArrayDeque<>();
        Mailbox timerless = new Mailbox(
                drain -> {
                    if (trouble != null) {
                        throw (Error) trouble;
                    }
                    asked.add(drain);
                },
                shutTimer());
        timerless.execute(() -> done.add(1));
        trouble = null;
        timerless.execute(() -> done.add(2));
        asked.forEach(Runnable::run);
        assertEquals(List.of(1, 2), done);
    }

    private static ScheduledExecutorService shutTimer() {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        timer.shutdownNow();
        return timer;
    }

    @Test
    void runsNothingTwiceWhenTheExecutorTookTheTaskAndFailed() {
        trouble = new OutOfMemoryError("unable to create native thread");
        taken = true;
        post(1, 2);
        runHanded();
        trouble = null;
        time.advanceMillis(Mailbox.RETRY_MILLIS);
        post(3);
        runHanded();
        assertEquals(List.of(1, 2, 3), done);
    }

    @Test
    void goesOnAfterATaskThatThrowsAnError() {
        mailbox.execute(() -> {
            throw new OutOfMemoryError("planned");
        });
        post(1);
        assertDoesNotThrow(this::runHanded);
        post(2);
        runHanded();
        assertEquals(List.of(1, 2), done);
    }

    @Test
    void keepsTheOrderOfEachPosterWhileThreadsFailNowAndThen() throws Exception {
        int each = 20_000;
        ExecutorService pool = Executors.newFixedThreadPool(4);
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        List<List<Integer>> seen = List.of(new ArrayList<>(), new ArrayList<>());
        try {
            Mailbox shaky = new Mailbox(
                    drain -> {
                        if (ThreadLocalRandom.current().nextInt(4000) == 0) {
                            throw new RejectedExecutionException("planned");
                        }
                        pool.execute(drain);
                    },
                    timer);
            List<Thread> posters = new ArrayList<>();
            for (List<Integer> mine : seen) {
                Thread poster = new Thread(() -> {
                    for (int i = 0; i < each; i++) {
                        int number = i;
                        shaky.execute(() -> mine.add(number));
                    }
                });
                poster.start();
                posters.add(poster);
            }
            for (Thread poster : posters) {
                poster.join();
            }
            CompletableFuture<Void> all = new CompletableFuture<>();
            shaky.execute(() -> all.complete(null));
            all.get(20, TimeUnit.SECONDS);
            List<Integer> expected = IntStream.range(0, each).boxed().toList();
            seen.forEach(mine -> assertEquals(expected, mine));
        } finally {
            pool.shutdownNow();
            timer.shutdownNow();
        }
    }
}

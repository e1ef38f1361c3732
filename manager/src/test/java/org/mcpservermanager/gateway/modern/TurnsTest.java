package org.mcpservermanager.gateway.modern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.server.ServerId;

class TurnsTest {
    private static final ServerId SERVER = new ServerId("one");
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Turns turns = new Turns(timer, server -> false);

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    @Test
    void whoGivesUpWaitingIsPassedOver() {
        Turn first = turns.take(SERVER).join();
        CompletableFuture<Turn> second = turns.take(SERVER);
        CompletableFuture<Turn> third = turns.take(SERVER);
        second.cancel(false);

        first.end();

        assertTrue(third.isDone());
    }

    @Test
    void aTurnThatEndsTwiceEndsOnce() {
        Turn first = turns.take(SERVER).join();
        CompletableFuture<Turn> second = turns.take(SERVER);
        CompletableFuture<Turn> third = turns.take(SERVER);

        first.end();
        first.end();

        assertTrue(second.isDone());
        assertFalse(third.isDone());
    }

    @Test
    void serversDoNotWaitForEachOther() {
        turns.take(SERVER);
        assertTrue(turns.take(new ServerId("two")).isDone());
    }

    @Test
    void neverHaveTwoTheTurn() {
        List<Turn> held = java.util.Collections.synchronizedList(new ArrayList<>());
        List<Integer> most = java.util.Collections.synchronizedList(new ArrayList<>());
        ScheduledExecutorService threads = Executors.newScheduledThreadPool(4);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            all.add(CompletableFuture.supplyAsync(() -> turns.take(SERVER), threads)
                    .thenCompose(turn -> turn)
                    .thenAcceptAsync(
                            turn -> {
                                held.add(turn);
                                most.add(held.size());
                                held.remove(turn);
                                turn.end();
                            },
                            threads));
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).join();
        threads.shutdown();

        assertEquals(60, most.size());
        assertTrue(most.stream().allMatch(count -> count == 1), most.toString());
    }
}

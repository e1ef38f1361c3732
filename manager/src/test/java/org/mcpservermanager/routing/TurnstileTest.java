package org.mcpservermanager.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.Quota;

class TurnstileTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private final AtomicLong now = new AtomicLong(1_000_000_000_000L);
    private final Turnstile turnstile = new Turnstile("a", now::get);

    private CompletableFuture<Void> enter(Quota quota, Duration patience) {
        return turnstile.enter(quota, patience).toCompletableFuture();
    }

    private static String problem(CompletableFuture<Void> refused) {
        CompletionException failure = assertThrows(CompletionException.class, refused::join);
        return ((ProblemException) failure.getCause()).problem().code();
    }

    @Test
    void letsSoManyInAndTheNextWhenOneLeaves() {
        Quota two = new Quota(2, 0, true);
        assertTrue(enter(two, LONG).isDone());
        assertTrue(enter(two, LONG).isDone());
        CompletableFuture<Void> third = enter(two, LONG);
        CompletableFuture<Void> fourth = enter(two, LONG);
        assertFalse(third.isDone());
        turnstile.leave();
        assertTrue(third.isDone());
        assertFalse(fourth.isDone());
        turnstile.leave();
        turnstile.leave();
        turnstile.leave();
        assertTrue(enter(two, LONG).isDone());
        assertTrue(enter(two, LONG).isDone());
        assertFalse(enter(two, LONG).isDone());
    }

    @Test
    void refusesWhoeverWaitedTooLongAndGivesThePlaceToTheNext() {
        Quota one = new Quota(1, 0, true);
        enter(one, LONG).join();
        CompletableFuture<Void> late = enter(one, Duration.ofMillis(20));
        CompletableFuture<Void> next = enter(one, LONG);
        assertEquals("too_many_requests", problem(late));
        turnstile.leave();
        assertTrue(next.isDone());
    }

    @Test
    void refusesAtOnceWhereNobodyMayWait() {
        Quota one = new Quota(1, 0, true);
        enter(one, Duration.ZERO).join();
        assertEquals("too_many_requests", problem(enter(one, Duration.ZERO)));
    }

    @Test
    void letsOnlySoManyWait() {
        Quota one = new Quota(1, 0, true);
        enter(one, LONG).join();
        List<CompletableFuture<Void>> waiting = new ArrayList<>();
        for (int i = 0; i < Turnstile.WAITING_MAX; i++) {
            waiting.add(enter(one, LONG));
        }
        assertEquals("too_many_requests", problem(enter(one, LONG)));
        turnstile.leave();
        assertTrue(waiting.get(0).isDone());
        assertTrue(waiting.stream().skip(1).noneMatch(CompletableFuture::isDone));
    }

    @Test
    void spreadsWhatComesBeyondASecondsWorth() {
        Quota rate = new Quota(0, 10, true);
        for (int i = 0; i < 10; i++) {
            assertTrue(enter(rate, Duration.ZERO).isDone(), "request " + i);
        }
        assertEquals("too_many_requests", problem(enter(rate, Duration.ZERO)));
        now.addAndGet(Duration.ofMillis(100).toNanos());
        assertTrue(enter(rate, Duration.ZERO).isDone());
        assertEquals("too_many_requests", problem(enter(rate, Duration.ofMillis(50))));
        enter(rate, Duration.ofSeconds(10)).join(); // its turn comes in a tenth of a second
    }

    @Test
    void aLimitThatIsTakenAwayLetsEverybodyIn() {
        enter(new Quota(1, 0, true), LONG).join();
        assertTrue(enter(new Quota(0, 0, true), LONG).isDone());
    }
}

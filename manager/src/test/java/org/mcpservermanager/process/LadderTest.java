package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.process.Ladder.Order;
import org.mcpservermanager.process.Ladder.Stage;

class LadderTest {
    private static final long SECOND = 1_000_000_000L;
    private final Ladder ladder = new Ladder(Duration.ofMillis(500));

    @Test
    void climbsFromEndOfInputToGivingUpAndStaysWatching() {
        ladder.stop(0, Duration.ofSeconds(2), Duration.ofSeconds(10));

        assertEquals(Order.END_INPUT, ladder.looked(0, false, true));
        assertEquals(2 * SECOND, ladder.lookAt());
        assertEquals(Order.TERM, ladder.looked(2 * SECOND, false, true));
        assertEquals(12 * SECOND, ladder.lookAt());
        assertEquals(Order.KILL, ladder.looked(12 * SECOND, false, true));
        assertEquals(Order.KILL, ladder.looked(13 * SECOND, false, true));
        assertEquals(Order.GIVE_UP, ladder.looked(14 * SECOND, false, true));
        assertEquals(19 * SECOND, ladder.lookAt());
        assertEquals(Order.KILL, ladder.looked(19 * SECOND, false, true));
        assertEquals(Stage.STUCK, ladder.stage());
        assertEquals(Order.CONFIRM_EMPTY, ladder.looked(24 * SECOND, true, false));
    }

    @Test
    void killsAgainWhenAskedAfterGivingUp() {
        ladder.stop(0, Duration.ZERO, Duration.ZERO);
        ladder.looked(0, false, true);
        ladder.looked(0, false, true);
        assertEquals(Order.GIVE_UP, ladder.looked(3 * SECOND, false, true));

        ladder.stop(4 * SECOND, Duration.ofSeconds(2), Duration.ofSeconds(10));

        assertEquals(Order.KILL, ladder.looked(4 * SECOND, false, true));
        assertEquals(Order.GIVE_UP, ladder.looked(6 * SECOND, false, true));
    }

    @Test
    void sendsTermAtOnceWhenTheLeaderLeavesBeforeItsKids() {
        ladder.stop(0, Duration.ofSeconds(2), Duration.ofSeconds(10));
        ladder.looked(0, false, true);

        ladder.leaderGone(SECOND);

        assertEquals(SECOND, ladder.lookAt());
        assertEquals(Order.TERM, ladder.looked(SECOND, true, true));
        assertEquals(Order.KILL, ladder.looked(11 * SECOND, true, true), "the kids had the whole grace");
    }

    @Test
    void givesOrphansHalfASecond() {
        ladder.leaderGone(0);

        assertEquals(Order.TERM, ladder.looked(0, true, true));
        assertEquals(Order.TERM, ladder.looked(SECOND / 4, true, true));
        assertEquals(Order.KILL, ladder.looked(SECOND / 2, true, true));
    }

    @Test
    void believesAnEmptyTreeAtOnceOnlyWhenTheLeaderWasAlone() {
        Ladder alone = new Ladder(Duration.ofMillis(500));
        alone.leaderGone(0);
        assertEquals(Order.CONFIRM_EMPTY, alone.looked(0, true, false));

        ladder.leaderGone(0);
        ladder.looked(0, true, true);
        assertEquals(Order.NOTHING, ladder.looked(1, true, false));
        assertEquals(Order.TERM, ladder.looked(2, true, true), "somebody had hidden");
        assertEquals(Order.NOTHING, ladder.looked(3, true, false));
        assertEquals(Order.CONFIRM_EMPTY, ladder.looked(4, true, false));
    }

    @Test
    void isNeverLongerAfterASecondStop() {
        ladder.stop(0, Duration.ofSeconds(2), Duration.ofSeconds(3));
        ladder.stop(0, Duration.ofSeconds(20), Duration.ofSeconds(30));

        assertEquals(Order.END_INPUT, ladder.looked(0, false, true));
        assertEquals(Order.TERM, ladder.looked(2 * SECOND, false, true));
        ladder.stop(3 * SECOND, Duration.ofSeconds(20), Duration.ofSeconds(1));
        assertEquals(Order.TERM, ladder.looked(3 * SECOND, false, true));
        assertEquals(Order.KILL, ladder.looked(4 * SECOND, false, true));
    }

    @Test
    void isNotLookedAtWhileAllIsWell() {
        assertEquals(Ladder.NEVER, ladder.lookAt());
        assertEquals(Order.NOTHING, ladder.looked(0, false, true));
        assertEquals(Ladder.NEVER, ladder.lookAt());
    }

    @Test
    void looksLessAndLessOftenWhileItWaits() {
        ladder.leaderGone(0);
        ladder.looked(0, true, true);
        long first = ladder.lookAt();
        for (int i = 0; i < 20; i++) {
            ladder.postpone(0);
        }
        assertEquals(1_000_000, first);
        assertEquals(100_000_000, ladder.lookAt());
        assertTrue(ladder.mayPostpone(0));
    }
}

package org.mcpservermanager.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.fixture.HandExecutor;
import org.mcpservermanager.fixture.HandTimer;
import org.mcpservermanager.fixture.Warnings;

class WriteBehindTest {
    private final HandExecutor writer = new HandExecutor();
    private final HandTimer timer = new HandTimer();
    private final Warnings warnings = Warnings.of(WriteBehind.class);
    private final WriteBehind behind = new WriteBehind("things", this::write, writer, timer);
    private boolean databaseAway;
    private Runnable whileWriting = () -> {};
    private int writes;

    @AfterEach
    void end() {
        warnings.close();
        timer.shutdownNow();
    }

    private void write() {
        if (databaseAway) {
            throw new IllegalStateException("no database");
        }
        writes++;
        Runnable once = whileWriting;
        whileWriting = () -> {};
        once.run();
    }

    private void timeGoesBy() {
        timer.runAll();
        writer.runAll();
    }

    @Test
    void writesOnceWhatComesTogether() {
        behind.writeSoon();
        behind.writeSoon();
        behind.writeSoon();

        timer.runAll();
        assertEquals(List.of(100L, 100L), timer.delays());
        assertEquals(0, writer.waiting());
        timeGoesBy();
        assertEquals(1, writes);
    }

    @Test
    void triesAgainAfterAWriteThatThrewAnError() {
        whileWriting = () -> {
            throw new OutOfMemoryError("planned");
        };
        behind.writeNow();
        writer.runAll();
        assertEquals(1, writes);

        timeGoesBy();
        assertEquals(2, writes);
    }

    @Test
    void writesAfterASecondOfQuietWhatCameInABurst() {
        for (int change = 0; change <= 20; change++) {
            behind.writeSoon();
        }
        for (int moment = 0; moment <= 10; moment++) {
            assertEquals(0, writer.waiting());
            timer.runAll();
        }

        assertEquals(1, writer.waiting());
    }

    @Test
    void writesAfterTwoSecondsWhateverComes() {
        for (int moment = 1; moment <= 20; moment++) {
            assertEquals(0, writer.waiting());
            behind.writeSoon();
            behind.writeSoon();
            timer.runAll();
        }

        assertEquals(1, writer.waiting());
    }

    @Test
    void writesAtOnceWhatCannotWaitAndWithItWhatCould() {
        behind.writeSoon();
        behind.writeNow();
        behind.writeNow();

        assertEquals(1, writer.waiting());
        timeGoesBy();
        assertEquals(1, writes);
    }

    @Test
    void writesAgainAMomentLaterWhatComesWhileItWrites() {
        whileWriting = behind::writeNow;
        behind.writeNow();

        writer.runAll();
        behind.writeNow();

        assertEquals(1, writes);
        assertEquals(0, writer.waiting());
        assertEquals(List.of(100L), timer.delays());
        timeGoesBy();
        assertEquals(2, writes);
        timeGoesBy();
        assertEquals(2, writes);
    }

    @Test
    void triesAgainWithGrowingPausesWhateverComesAndWarnsOncePerOutage() {
        databaseAway = true;
        behind.writeNow();
        writer.runAll();
        for (int i = 0; i < 6; i++) {
            behind.writeNow();
            assertEquals(0, writer.waiting());
            timeGoesBy();
        }
        databaseAway = false;
        timeGoesBy();

        assertEquals(List.of(1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L), timer.delays());
        assertEquals(1, writes);
        assertEquals(1, warnings.with("does not take things"));
    }

    @Test
    void warnsAgainInTheNextOutage() {
        for (int outage = 1; outage <= 2; outage++) {
            databaseAway = true;
            behind.writeNow();
            writer.runAll();
            databaseAway = false;
            timeGoesBy();
        }

        assertEquals(2, warnings.with("does not take things"));
        assertEquals(2, writes);
    }

    @Test
    void writesTheRestAtTheEndWithoutWaiting() {
        behind.writeSoon();

        behind.close();

        assertEquals(1, writes);
        assertTrue(writer.isTerminated());
        timeGoesBy();
        assertEquals(1, writes);
    }
}

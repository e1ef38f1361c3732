package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.process.Launch;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.supervision.ScriptedWorld.FakeChild;

class DepartureTest {
    private static final Problem WHY = new Problem(Problem.PROCESS_EXITED, "is being stopped", "");

    private final FakeChild child =
            new FakeChild(new Launch(new ServerId("one"), 1, List.of("fake"), Map.of(), Path.of(".")));
    private final List<Long> escaped = new ArrayList<>();
    private final Departure departure = new Departure(true, escaped::addAll);

    @Test
    void isEmptyAfterItWasToldHowTheProcessEnded() {
        departure.follow(child);
        child.empty.complete(null);
        assertFalse(departure.emptied().isDone());

        departure.exitWasTold();

        assertTrue(departure.emptied().isDone());
    }

    @Test
    void isEmptyAfterItWasToldWhatEscaped() {
        child.escaped = CompletableFuture.completedFuture(List.of(77L));
        departure.emptied().thenRun(() -> escaped.add(0L));
        departure.follow(child);
        departure.exitWasTold();

        child.empty.complete(null);

        assertEquals(List.of(77L, 0L), escaped);
    }

    @Test
    void tellsWhatALastLookFinds() {
        child.escaped = new CompletableFuture<>();
        departure.follow(child);
        departure.exitWasTold();
        child.empty.complete(null);
        assertTrue(departure.emptied().isDone());

        child.escaped.complete(List.of(77L));

        assertEquals(List.of(77L), escaped);
    }

    @Test
    void stopsAfterItWasToldHowTheProcessEnded() {
        CompletableFuture<Boolean> stopped = departure.stop(child, Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertEquals(List.of(Duration.ofSeconds(3)), child.ladder);
        assertFalse(stopped.isDone());

        departure.exitWasTold();

        assertTrue(stopped.join());
    }

    @Test
    void letsCallsEndBeforeTheConversationAndTheProcessDo() {
        ScriptedWorld.FakeConversation conversation = new ScriptedWorld.FakeConversation();
        conversation.callsOfClients = 1;
        StopLadder ladder = new StopLadder(Duration.ZERO, Duration.ofSeconds(30), Duration.ZERO, Duration.ofSeconds(1));
        departure.leave(child, conversation, ladder, WHY);
        assertNull(conversation.endedBecause);
        assertEquals(List.of(), child.ladder);

        conversation.idle.complete(null);

        assertEquals(WHY, conversation.endedBecause);
        assertEquals(List.of(Duration.ofSeconds(1)), child.ladder);
    }

    @Test
    void waitsForNoNewsOfAProcessThatIsNotThere() {
        Departure elsewhere = new Departure(false, escaped::addAll);
        elsewhere.follow(child);

        child.empty.complete(null);

        assertTrue(elsewhere.emptied().isDone());
    }

    @Test
    void hasStoppedWhenNothingCame() {
        departure.nothingCame();

        assertTrue(departure.emptied().isDone());
        assertTrue(departure.beforeProcess().join());
    }

    @Test
    void hasStoppedWhenWhatCameLateIsGone() {
        departure.stopLate(child);
        assertEquals(List.of(Duration.ZERO), child.ladder);
        assertFalse(departure.beforeProcess().isDone());

        departure.exitWasTold();

        assertTrue(departure.beforeProcess().join());
    }
}

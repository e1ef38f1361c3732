package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class AbandonedTest {
    private final Abandoned abandoned = new Abandoned();

    private int look(int... pids) {
        List<Seen> dead = new ArrayList<>();
        for (int pid : pids) {
            dead.add(new Seen(pid, 1, pid, 1, false));
        }
        OptionalInt told = abandoned.look(dead);
        return told.orElse(0);
    }

    @Test
    void leavesOutWhatIsJustBeingCollected() {
        assertEquals(List.of(0, 0, 0), List.of(look(7), look(8), look()));
    }

    @Test
    void tellsWhenThereAreTwiceAsMany() {
        assertEquals(
                List.of(0, 1, 0, 0, 2, 0, 0, 4),
                List.of(
                        look(7),
                        look(7),
                        look(7),
                        look(7, 8),
                        look(7, 8),
                        look(7, 8, 9),
                        look(7, 8, 9, 10),
                        look(7, 8, 9, 10)));
    }
}

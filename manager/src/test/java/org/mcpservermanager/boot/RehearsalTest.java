package org.mcpservermanager.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.supervision.FleetSettings;
import org.mcpservermanager.supervision.RealFleet;

@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class RehearsalTest {
    @TempDir
    Path state;

    private RealFleet fleet;

    @BeforeEach
    void open() throws IOException {
        fleet = RealFleet.open(state, new FleetSettings(3, Manager.PROFILE, Manager.ASKABLE, Map.of()), event -> {});
    }

    @AfterEach
    void close() throws IOException {
        fleet.close();
    }

    private Rehearsal begin(ServerSpec spec) {
        return Rehearsal.begin(fleet.servers(), fleet.events(), spec, fleet.workers(), fleet.timer());
    }

    private boolean isAnyAlive() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.pid() != fleet.launcher().guardianPid())
                .anyMatch(process -> process.info()
                        .arguments()
                        .filter(arguments -> String.join(" ", arguments).contains("rehearsal"))
                        .isPresent());
    }

    @Test
    void startsAndStopsAServerAndLeavesNothing() throws Exception {
        List<String> warnings = new CopyOnWriteArrayList<>();
        Handler listener = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
                    warnings.add(entry.getMessage());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger ours = Logger.getLogger("org.mcpservermanager");
        ours.addHandler(listener);
        try {
            Rehearsal rehearsal = begin(Rehearsal.SPEC);
            assertTrue(rehearsal.ended().get(30, TimeUnit.SECONDS));
            assertEquals(Rehearsal.ROUNDS, fleet.launches());
            assertFalse(isAnyAlive());
            rehearsal.close();
            assertEquals(List.of(), warnings, "nobody knows that server");
        } finally {
            ours.removeHandler(listener);
        }
    }

    @Test
    void tellsThatServersDoNotStart() throws Exception {
        var broken = Rehearsal.SPEC.with(new Wire.Stdio("/no/such/shell", List.of(), Map.of(), "/"));
        Rehearsal rehearsal = begin(broken);
        assertFalse(rehearsal.ended().get(30, TimeUnit.SECONDS));
    }

    @Test
    void endedEarlyItLeavesNothing() throws Exception {
        Rehearsal rehearsal = begin(Rehearsal.SPEC);
        rehearsal.close();
        assertFalse(isAnyAlive());
        rehearsal.ended().get(30, TimeUnit.SECONDS);
        assertFalse(isAnyAlive());
    }
}

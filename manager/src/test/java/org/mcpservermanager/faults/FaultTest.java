package org.mcpservermanager.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** One rig for each test; whatever the fault, nothing of its servers may be left when the fleet has ended. */
@Tag("process")
@EnabledOnOs(OS.LINUX)
@Timeout(value = 90, unit = TimeUnit.SECONDS)
@DisplayNameGeneration(FaultNames.class)
abstract class FaultTest {
    @TempDir
    Path state;

    Rig rig;

    @BeforeEach
    void open() throws IOException {
        rig = new Rig(state);
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        rig.close();
        assertEquals(List.of(), rig.alive());
    }
}

package org.mcpservermanager.supervision;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.faults.Fault;
import org.mcpservermanager.faults.FaultNames;

/** The storm over as many servers as a busy installation has. */
@Tag("process")
@DisplayNameGeneration(FaultNames.class)
class FiftyServersStormIT extends StormTest {
    @Test
    @Fault(43)
    void fiftyServers() throws Exception {
        storm(50, seconds(15));
    }

    @Override
    void oneServer() {
        // Shown by the unit test.
    }

    @Override
    void twentyServers() {
        // Shown by the unit test.
    }
}

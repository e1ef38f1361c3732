package org.mcpservermanager.process;

import java.util.Map;
import org.mcpservermanager.server.Usage;

/** Measures what the process trees of living children use. */
@FunctionalInterface
public interface Meter {
    /**
     * One look at the machine for all children; percentages count since the look before. Reads the system for some milliseconds,
     * and is called by one thread at a time.
     */
    Map<Child, Usage> read();
}

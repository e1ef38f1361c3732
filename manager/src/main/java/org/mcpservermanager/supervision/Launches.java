package org.mcpservermanager.supervision;

import org.mcpservermanager.process.Launch;
import org.mcpservermanager.server.ServerSpec;

/** Makes the order for a process out of a spec: command line, cleaned environment, directory. */
@FunctionalInterface
public interface Launches {
    /**
     * @throws org.mcpservermanager.process.LaunchRefused when the spec names no process, or its directory cannot be made
     */
    Launch of(ServerSpec spec, long number);

    /** @param port what the process shall listen on; 0: it needs none */
    default Launch of(ServerSpec spec, long number, int port) {
        return of(spec, number);
    }
}

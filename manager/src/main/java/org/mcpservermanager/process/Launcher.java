package org.mcpservermanager.process;

import java.util.Optional;
import org.mcpservermanager.server.ServerId;

/** Starts processes. */
public interface Launcher {
    /**
     * Ends what is left of the server's last process if nobody adopted that. Validates, then spawns without a shell in an own process group, from a thread that never ends. Blocks the caller for the
     * time of a spawn (milliseconds).
     *
     * @throws LaunchRefused with the reason, e.g. {@code command_not_found}
     */
    Child launch(Launch launch);

    /** What is known of a process of this server that outlived an earlier manager and waits to be adopted. */
    default Optional<Survival> survivor(ServerId server) {
        return Optional.empty();
    }

    /** Takes it over, once: from now on it is as one that this manager started, but for its output and its exit code. */
    default Optional<Child> adopt(ServerId server) {
        return Optional.empty();
    }
}

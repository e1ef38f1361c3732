package org.mcpservermanager.process;

/** Starts processes. */
public interface Launcher {
    /**
     * Validates, then spawns without a shell in an own process group, from a thread that never ends. Blocks the caller for the
     * time of a spawn (milliseconds).
     *
     * @throws LaunchRefused with the reason, e.g. {@code command_not_found}
     */
    Child launch(Launch launch);
}

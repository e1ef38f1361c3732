package org.mcpservermanager.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.mcpservermanager.server.ServerId;

/**
 * One process to be started.
 *
 * @param environment complete and final: what the child sees, besides the marker that the launcher adds
 */
public record Launch(
        ServerId server,
        long generation,
        List<String> command,
        Map<String, String> environment,
        Path directory,
        Rlimits limits) {
    public Launch {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(limits, "limits");
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** A launch that is held to nothing in particular. */
    public Launch(
            ServerId server, long generation, List<String> command, Map<String, String> environment, Path directory) {
        this(server, generation, command, environment, directory, Rlimits.NONE);
    }

    public Launch heldTo(Rlimits hard) {
        return new Launch(server, generation, command, environment, directory, hard);
    }

    @Override
    public String toString() {
        return "Launch[" + server + " #" + generation + " " + command + "]";
    }
}

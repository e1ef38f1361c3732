package org.mcpservermanager.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.mcpservermanager.server.Containment;
import org.mcpservermanager.server.ServerId;

/**
 * One process to be started.
 *
 * @param command what runs inside a container, and may then be empty: the image's own
 * @param environment complete and final: what the child sees, besides the marker that the launcher adds
 * @param directory of a container: inside it, and empty for the image's own
 * @param pids processes and threads together, to which the launch is held where the machine chooses a containment that can; 0: any
 * @param user it shall run as, USER or USER:GROUP, and without a directory in the user's home; empty: the manager's
 * @param survival for a process that is to outlive the manager: it gets no pipes, and a process group
 */
public record Launch(
        ServerId server,
        long generation,
        List<String> command,
        Map<String, String> environment,
        Path directory,
        Containment containment,
        Rlimits limits,
        int pids,
        String user,
        Survival survival) {
    public Launch {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(containment, "containment");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(survival, "survival");
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** A launch that is held to nothing in particular, and whose containment is chosen by the machine. */
    public Launch(
            ServerId server, long generation, List<String> command, Map<String, String> environment, Path directory) {
        this(server, generation, command, environment, directory, Containment.AUTO, Rlimits.NONE, 0, "", Survival.NONE);
    }

    public Launch in(Containment other) {
        return new Launch(server, generation, command, environment, directory, other, limits, pids, user, survival);
    }

    public Launch heldTo(Rlimits hard) {
        return new Launch(server, generation, command, environment, directory, containment, hard, pids, user, survival);
    }

    public Launch atMost(int most) {
        return new Launch(
                server, generation, command, environment, directory, containment, limits, most, user, survival);
    }

    public Launch by(String other) {
        return new Launch(
                server, generation, command, environment, directory, containment, limits, pids, other, survival);
    }

    /** The same server, to be started in another way. */
    Launch as(List<String> otherCommand, Map<String, String> otherEnvironment, Path otherDirectory) {
        return new Launch(
                server,
                generation,
                otherCommand,
                otherEnvironment,
                otherDirectory,
                containment,
                limits,
                pids,
                user,
                survival);
    }

    public Launch outliving(Survival other) {
        return new Launch(server, generation, command, environment, directory, containment, limits, pids, user, other);
    }

    @Override
    public String toString() {
        return "Launch[" + server + " #" + generation + " " + command + " in " + containment.word() + "]";
    }
}

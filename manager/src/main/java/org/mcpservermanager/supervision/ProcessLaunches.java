package org.mcpservermanager.supervision;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mcpservermanager.process.BaseEnvironment;
import org.mcpservermanager.process.Launch;
import org.mcpservermanager.process.LaunchRefused;
import org.mcpservermanager.process.Rlimits;
import org.mcpservermanager.process.Survival;
import org.mcpservermanager.server.Containment;
import org.mcpservermanager.server.Limits;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Wire;

/** Launches for servers that are processes; each gets a directory of its own unless its spec names one. */
public final class ProcessLaunches implements Launches {
    private static final int PIDS_PER_PROCESS = 4;
    private static final int PIDS_MIN = 256;
    /** Linux has no more. */
    private static final int PIDS_LIMIT_MAX = 4_194_304;

    private final BaseEnvironment environment;
    private final Path directories;

    /** @param directories where the servers' own directories are made */
    public ProcessLaunches(BaseEnvironment environment, Path directories) {
        this.environment = environment;
        this.directories = directories;
    }

    @Override
    public Launch of(ServerSpec spec, long number, int port) {
        if (!(spec.wire() instanceof Wire.Served served)) {
            return of(spec, number);
        }
        Wire.Stdio process = served.process();
        String told = Integer.toString(port);
        Map<String, String> named = new HashMap<>(process.environment());
        named.put("PORT", told);
        named.replaceAll((name, value) -> value.replace(Wire.Served.PORT_REFERENCE, told));
        List<String> args = process.args().stream()
                .map(arg -> arg.replace(Wire.Served.PORT_REFERENCE, told))
                .toList();
        Launch launch = of(
                spec.with(new Wire.Stdio(process.command(), args, named, process.directory(), process.user())), number);
        return served.survives() ? launch.outliving(new Survival(port, LaunchDigest.of(spec))) : launch;
    }

    @Override
    public Launch of(ServerSpec spec, long number) {
        if (!(spec.wire() instanceof Wire.Stdio stdio)) {
            throw new LaunchRefused(
                    new Problem(
                            Problem.TRANSPORT_NOT_SUPPORTED,
                            "server '" + spec.id() + "' (" + spec.source() + ") wants transport '"
                                    + spec.wire().transport() + "', which has no process (expected: stdio)",
                            "Give it a \"command\" that speaks MCP on stdio."),
                    false);
        }
        List<String> command = new ArrayList<>();
        command.add(stdio.command());
        command.addAll(stdio.args());
        // Paths, users and programs of this machine mean nothing inside a container.
        boolean inside = spec.containment() instanceof Containment.Container;
        return new Launch(
                        spec.id(),
                        number,
                        command,
                        inside ? stdio.environment() : environment(stdio),
                        inside ? Path.of(stdio.directory()) : directory(spec, stdio))
                .by(stdio.user())
                .in(spec.containment())
                .heldTo(Rlimits.of(spec.limits()))
                .atMost(pidsMax(spec.limits().processes()));
    }

    /** Above what the manager ends the copy for, as threads count; it is there for what forks faster than the manager looks. */
    static int pidsMax(Limits.Limit processes) {
        return processes.restarts() && processes.max() <= PIDS_LIMIT_MAX / PIDS_PER_PROCESS
                ? (int) Math.max(PIDS_MIN, processes.max() * PIDS_PER_PROCESS)
                : 0;
    }

    private Map<String, String> environment(Wire.Stdio stdio) {
        BaseEnvironment base = stdio.user().isEmpty() ? environment : environment.ofSomebodyElse();
        return base.with(stdio.environment());
    }

    private Path directory(ServerSpec spec, Wire.Stdio stdio) {
        // another user may not get at what is below the manager's state directory
        if (!stdio.directory().isEmpty() || !stdio.user().isEmpty()) {
            return Path.of(stdio.directory());
        }
        Path own = directories.resolve(spec.id().value());
        try {
            // it is nearly always there, and to make it again costs an exception
            return Files.isDirectory(own) ? own : Files.createDirectories(own);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot make the directory of server '" + spec.id() + "'", failure);
        }
    }
}

package org.mcpservermanager.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A harmless program run in the way a server would be, to see whether that works on this machine. */
final class Probe implements AutoCloseable {
    private static final long SECONDS_MAX = 5;
    private static final Logger LOG = Logger.getLogger(Probe.class.getName());
    private final Process process;
    private final BufferedReader out;

    private Probe(Process process) {
        this.process = process;
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    }

    /** A shell that says its own pid, and whether /proc knows it, and then waits. */
    static final List<String> COMMAND = List.of(ShellStep.SHELL, "-c", "[ -e /proc/$$/stat ] && echo $$; read -r end");

    static Probe start(List<String> command) throws IOException {
        return of(
                builder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
    }

    static Probe start(NativeSpawn direct, List<String> command) throws IOException {
        return of(direct.start(builder(command), List.of()));
    }

    /** @param groups as of {@link Spawner#start} */
    static Probe start(Spawner spawner, List<String> command, List<ControlGroup> groups) throws IOException {
        return of(spawner.start(builder(command), groups, pid -> {}));
    }

    private static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(Path.of("/").toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", BaseEnvironment.PATH_DEFAULT));
        return builder;
    }

    private static Probe of(Process process) {
        // A wrapper that hangs ends here, and with it the wait for its answer.
        process.onExit().orTimeout(SECONDS_MAX, TimeUnit.SECONDS).exceptionally(late -> process.destroyForcibly());
        return new Probe(process);
    }

    long pid() {
        return process.pid();
    }

    /** What the shell inside takes for its pid; empty when it did not come to life. */
    Optional<Long> answer() throws IOException {
        return Optional.ofNullable(out.readLine())
                .filter(line -> line.matches("\\d{1,18}"))
                .map(Long::valueOf);
    }

    boolean ends() throws InterruptedException {
        return process.waitFor(SECONDS_MAX, TimeUnit.SECONDS);
    }

    void killLeader() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.getOutputStream().close();
            process.getInputStream().close();
            process.getErrorStream().close();
        } catch (IOException broken) {
            LOG.log(Level.FINEST, "a pipe of a trial was broken", broken);
        }
    }
}

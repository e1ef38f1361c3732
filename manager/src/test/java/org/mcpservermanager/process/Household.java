package org.mcpservermanager.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.mcpservermanager.server.Containment;
import org.mcpservermanager.server.ServerId;

/** A launcher of its own for one test, and an independent way to count what it left: by the command lines of all processes. */
final class Household implements AutoCloseable {
    static final ServerId SERVER = new ServerId("nasty");
    static final Survival SURVIVAL = new Survival(4711, "ab".repeat(32));
    /** Goes into the command line of everything the test starts; sleep takes it for a number. */
    final String tag = "99" + Math.abs(UUID.randomUUID().getMostSignificantBits() % 1_000_000_000_000L);

    final Path state;
    final StateLock lock;
    final PosixLauncher launcher;
    private final Containment containment;
    private long generation;

    /** Whose servers are in process groups. */
    Household(Path state) throws IOException {
        this(state, Containment.Level.GROUP);
    }

    Household(Path state, Containment containment) throws IOException {
        this.state = state;
        this.containment = containment;
        lock = StateLock.take(state);
        launcher = PosixLauncher.open(lock);
    }

    Child launch(List<String> command) {
        return launch(command, Map.of());
    }

    Child launch(List<String> command, Rlimits limits) {
        return launcher.launch(next(command, Map.of()).heldTo(limits));
    }

    /** Whatever the level. */
    Child start(Containment level, String script) {
        return level instanceof Containment.Container container
                ? contained(container, Map.of(), script)
                : launcher.launch(
                        next(List.of("sh", "-c", script, tag), Map.of()).in(level));
    }

    /** As that user, in its home. */
    Launch as(String user, String script) {
        List<String> command = List.of("sh", "-c", script.replace("TAG", tag), tag);
        Map<String, String> environment =
                BaseEnvironment.ofThisJvm().ofSomebodyElse().with(Map.of());
        return next(command, Map.of()).as(command, environment, Path.of("")).by(user);
    }

    /** One that nobody hears; it tells that it runs by the file that it makes. */
    Child startSurvivor(String script) {
        Path ready = state.resolve("ready");
        Child child = launcher.launch(next(List.of("sh", "-c", script + " & echo $! >ready; wait", tag), Map.of())
                .outliving(SURVIVAL));
        Eventually.becomes(true, Duration.ofSeconds(10), () -> Files.exists(ready));
        return child;
    }

    /** As the other; it sees the state directory as /state. */
    Child startContainedSurvivor(String script, String tag) {
        Containment.Container plain = TestImage.CONTAINER;
        Containment.Container seeing = new Containment.Container(
                plain.runtime(),
                plain.image(),
                plain.pull(),
                List.of(new Containment.Mount(state.toString(), "/state", false)),
                plain.network(),
                plain.user(),
                plain.readOnly(),
                plain.droppedCapabilities(),
                plain.ceiling(),
                plain.cpus(),
                plain.options());
        List<String> command = List.of("/bin/sh", "-c", "echo >/state/ready; " + script.replace("TAG", tag), tag);
        Child child = launcher.launch(new Launch(SERVER, ++generation, command, Map.of(), Path.of(""))
                .in(seeing)
                .outliving(SURVIVAL));
        Eventually.becomes(true, Duration.ofSeconds(30), () -> Files.exists(state.resolve("ready")));
        return child;
    }

    /** The tag goes in as an argument of the script. */
    Child contained(Containment.Container container, Map<String, String> environment, String script) {
        List<String> command = List.of("/bin/sh", "-c", script.replace("TAG", tag), tag);
        return launcher.launch(new Launch(SERVER, ++generation, command, environment, Path.of("")).in(container));
    }

    Child launch(List<String> command, Map<String, String> declared) {
        return launcher.launch(next(command, declared));
    }

    Launch next(List<String> command, Map<String, String> declared) {
        return new Launch(
                        SERVER,
                        ++generation,
                        command,
                        BaseEnvironment.ofThisJvm().with(declared),
                        state)
                .in(containment);
    }

    /** A script in which TAG stands for the tag. */
    Child sh(String script) {
        return launch(List.of("sh", "-c", script.replace("TAG", tag), tag));
    }

    static String line(Child child) throws IOException {
        return new BufferedReader(new InputStreamReader(child.stdout(), StandardCharsets.UTF_8), 1).readLine();
    }

    List<String> alive() {
        return alive(tag);
    }

    static List<String> alive(String tag) {
        List<String> found = new ArrayList<>();
        ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .forEach(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(tag))
                        .ifPresent(line -> found.add(process.pid() + " " + line)));
        return found;
    }

    @Override
    public void close() throws IOException {
        launcher.close();
        lock.close();
    }
}

package org.mcpservermanager.process;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Starts processes by posix_spawn(3). Java starts a helper program first, which closes each descriptor of the JVM one by one, and
 * needs another program to make a session: several times the cost of the start itself. Possible on Linux with glibc 2.34, where the
 * JVM was allowed native calls and opens {@code java.io}.
 */
final class NativeSpawn implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(NativeSpawn.class.getName());
    private final NativeCalls functions;
    private final SpawnCalls calls;
    private final ExitWatch watch;
    private final ReadWatch reads;
    private final List<String> session;
    private final Field number = FileDescriptor.class.getDeclaredField("fd");

    private NativeSpawn(NativeCalls functions, List<String> session) throws ReflectiveOperationException, IOException {
        this.functions = functions;
        this.session = session;
        number.setAccessible(true);
        calls = new SpawnCalls(functions);
        watch = new ExitWatch(functions);
        try {
            reads = new ReadWatch(functions);
        } catch (ReflectiveOperationException | IOException failure) {
            watch.close();
            throw failure;
        }
    }

    /**
     * Empty where it was not allowed, or a trial did not succeed, which is in the log.
     *
     * @param session what stands before a command that shall lead a session of its own; that is done here without a program
     */
    static Optional<NativeSpawn> ofThisJvm(List<String> session) {
        return ofThisJvm(session, Probe.COMMAND);
    }

    /** @param trial has to answer as a {@link Probe} does */
    static Optional<NativeSpawn> ofThisJvm(List<String> session, List<String> trial) {
        try {
            Optional<NativeCalls> functions = ProcTable.isAvailable() ? NativeCalls.ofThisJvm() : Optional.empty();
            if (functions.isPresent()) {
                return new NativeSpawn(functions.get(), session).tried(trial);
            }
            LOG.fine("this JVM was not allowed native calls: every start takes a helper process");
        } catch (ReflectiveOperationException | RuntimeException | IOException closed) {
            LOG.log(Level.FINE, "every start takes a helper process", closed);
        }
        return Optional.empty();
    }

    /** A kernel, or who guards it (seccomp), may refuse what the C library has. */
    private Optional<NativeSpawn> tried(List<String> trial) {
        String refused = "the trial did not answer, or its end was not told";
        try {
            if (works(trial)) {
                return Optional.of(this);
            }
        } catch (IOException failure) {
            refused = failure.getMessage();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            refused = "interrupted";
        }
        close();
        LOG.warning("native calls start no processes here, so every start takes a helper process: " + refused);
        return Optional.empty();
    }

    private boolean works(List<String> trial) throws IOException, InterruptedException {
        List<String> command = Stream.concat(session.stream(), trial.stream()).toList();
        try (Probe probe = Probe.start(this, command)) {
            boolean answers = probe.answer().filter(pid -> pid == probe.pid()).isPresent();
            probe.killLeader();
            return probe.ends() && answers;
        }
    }

    /** Whether each of its streams is a pipe of its own. */
    static boolean isFor(ProcessBuilder builder) {
        return !builder.redirectErrorStream()
                && Stream.of(builder.redirectInput(), builder.redirectOutput(), builder.redirectError())
                        .allMatch(ProcessBuilder.Redirect.PIPE::equals);
    }

    /**
     * @param groups control groups to be born in, {@link #knows known}
     * @throws IOException with the number of the error in its message, as the JDK's has
     */
    Process start(ProcessBuilder builder, List<ControlGroup> groups) throws IOException {
        try (Pipe in = new Pipe();
                Pipe out = new Pipe();
                Pipe err = new Pipe()) {
            int pid = spawnInside(groups, builder, in.reading, out.writing, err.writing);
            CompletableFuture<Integer> exit = watched(pid);
            ChildOutput stdout = output(out);
            ChildOutput stderr = output(err);
            return new NativeProcess(
                    pid,
                    exit.whenComplete((value, lost) -> {
                        stdout.passOn();
                        stderr.passOn();
                    }),
                    new FileOutputStream(in.takeWriting()),
                    stdout,
                    stderr);
        }
    }

    private ChildOutput output(Pipe pipe) throws IOException {
        int descriptor = pipe.reading;
        return new ChildOutput(new FileInputStream(pipe.takeReading()), descriptor, reads);
    }

    /** Whether a process can be born in all these, which exist. */
    boolean knows(List<ControlGroup> groups) {
        long unified = groups.stream().filter(ControlGroup::unified).count();
        return unified == 0 || (unified == 1 && calls.knowsGroups());
    }

    private int spawnInside(List<ControlGroup> groups, ProcessBuilder builder, int... descriptors) throws IOException {
        Map<Boolean, List<ControlGroup>> byVersion =
                groups.stream().collect(Collectors.partitioningBy(ControlGroup::unified));
        Optional<Path> unified =
                byVersion.get(true).stream().map(ControlGroup::directory).findFirst();
        Stay stay = new Stay(byVersion.get(false));
        int pid = 0;
        try {
            pid = spawn(builder, unified, descriptors);
            return pid;
        } finally {
            goHome(stay, pid);
        }
    }

    private void goHome(Stay stay, int pid) throws IOException {
        try {
            stay.end();
        } catch (Stay.Stranded stranded) {
            end(pid);
            throw stranded;
        }
    }

    private int spawn(ProcessBuilder builder, Optional<Path> group, int... descriptors) throws IOException {
        List<String> command = builder.command();
        boolean leads = !session.isEmpty()
                && command.size() > session.size()
                && command.subList(0, session.size()).equals(session);
        return calls.spawn(
                leads ? command.subList(session.size(), command.size()) : command,
                builder.environment(),
                builder.directory(),
                leads,
                group,
                descriptors);
    }

    /** What nobody would wait for must not live. */
    private CompletableFuture<Integer> watched(int pid) throws IOException {
        try {
            return watch.exitOf(pid);
        } catch (IOException failure) {
            end(pid);
            throw failure;
        }
    }

    private void end(int pid) throws IOException {
        if (pid > 0) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            watch.waitFor(pid);
        }
    }

    @Override
    public void close() {
        watch.close();
        reads.close();
    }

    /** Ends that nobody took are closed. */
    private final class Pipe implements AutoCloseable {
        private static final int GIVEN_AWAY = -1;
        private static final int STANDARD_MAX = 2;
        private int reading;
        private int writing;

        Pipe() throws IOException {
            int[] ends = calls.pipe();
            reading = ends[0];
            writing = ends[1];
            if (reading <= STANDARD_MAX || writing <= STANDARD_MAX) {
                close();
                throw new IOException("this JVM was started without a standard input, output or error output");
            }
        }

        FileDescriptor takeReading() throws IOException {
            FileDescriptor taken = descriptor(reading);
            reading = GIVEN_AWAY;
            return taken;
        }

        FileDescriptor takeWriting() throws IOException {
            FileDescriptor taken = descriptor(writing);
            writing = GIVEN_AWAY;
            return taken;
        }

        private FileDescriptor descriptor(int end) throws IOException {
            FileDescriptor made = new FileDescriptor();
            try {
                number.setInt(made, end);
            } catch (IllegalAccessException closed) {
                throw new IOException("java.io is not open to us", closed);
            }
            return made;
        }

        @Override
        public void close() {
            if (reading != GIVEN_AWAY) {
                functions.close(reading);
            }
            if (writing != GIVEN_AWAY) {
                functions.close(writing);
            }
        }
    }
}

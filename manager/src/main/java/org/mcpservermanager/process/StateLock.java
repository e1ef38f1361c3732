package org.mcpservermanager.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.Text;

/** The right to use a state directory; one manager has it at a time, and loses it when its JVM ends in whatever way. */
public final class StateLock implements AutoCloseable {
    /** Code of the refusal. */
    public static final String STATE_DIRECTORY_IN_USE = "state_directory_in_use";

    private final Path directory;
    private final String claim;
    private final FileChannel channel;
    private final AtomicBoolean closed = new AtomicBoolean();

    private StateLock(Path directory, String claim, FileChannel channel) {
        this.directory = directory;
        this.claim = claim;
        this.channel = channel;
    }

    /** @throws ProblemException when another manager has it; the message names its pid */
    public static StateLock take(Path stateDirectory) throws IOException {
        Path directory = Files.createDirectories(stateDirectory).toRealPath();
        // Two applications of one JVM see each other here. They must not meet at the file: on POSIX, closing a second
        // channel to
        // it would release the lock of the first.
        String claim = "org.mcpservermanager.lock:" + directory;
        String pid = Long.toString(ProcessHandle.current().pid());
        if (System.getProperties().putIfAbsent(claim, pid) != null) {
            throw inUse(directory, "in this JVM, pid " + pid);
        }
        FileChannel channel = null;
        try {
            channel = open(directory, pid);
            return new StateLock(directory, claim, channel);
        } finally {
            if (channel == null) {
                System.getProperties().remove(claim);
            }
        }
    }

    private static FileChannel open(Path directory, String pid) throws IOException {
        Path file = directory.resolve("manager.lock");
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                String holder = Text.oneLine(
                        Files.readString(file, StandardCharsets.ISO_8859_1).strip(), 20);
                throw inUse(directory, "pid " + (holder.isEmpty() ? "not known" : holder));
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((pid + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
            taken = true;
            return channel;
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    private static ProblemException inUse(Path directory, String holder) {
        return new ProblemException(new Problem(
                STATE_DIRECTORY_IN_USE,
                "State directory " + directory + " is in use by another manager (" + holder + ").",
                "Stop that manager, or give this one another state directory."));
    }

    public Path directory() {
        return directory;
    }

    @Override
    public void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            try {
                channel.close();
            } finally {
                System.getProperties().remove(claim);
            }
        }
    }
}

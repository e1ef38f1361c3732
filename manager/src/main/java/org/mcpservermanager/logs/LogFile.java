package org.mcpservermanager.logs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The files of one server. Nothing stays open between two writes and every write is at the end: whoever deletes, moves or truncates
 * a file meanwhile does no harm.
 */
final class LogFile {
    private final Path path;
    private final LogLimits limits;

    LogFile(Path directory, String name, LogLimits limits) {
        this.path = directory.resolve(name + ".log");
        this.limits = limits;
    }

    void append(List<byte[]> lines) throws IOException {
        Files.createDirectories(path.getParent());
        int written = 0;
        while (written < lines.size()) {
            if (Files.exists(path) && Files.size(path) + lines.get(written).length > limits.fileBytesMax()) {
                putAside();
            }
            written += fill(lines.subList(written, lines.size()));
        }
    }

    /** At least one line, and as many as the file may take. */
    private int fill(List<byte[]> lines) throws IOException {
        try (FileChannel file = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            long size = file.size();
            ByteArrayOutputStream chunk = new ByteArrayOutputStream();
            int taken = 0;
            while (taken < lines.size()
                    && (taken == 0 || size + chunk.size() + lines.get(taken).length <= limits.fileBytesMax())) {
                chunk.writeBytes(lines.get(taken++));
            }
            write(file, ByteBuffer.wrap(chunk.toByteArray()), size);
            return taken;
        }
    }

    private static void write(FileChannel file, ByteBuffer chunk, long size) throws IOException {
        try {
            while (chunk.hasRemaining()) {
                file.write(chunk);
            }
        } catch (IOException failure) {
            takeBack(file, size, failure);
            throw failure;
        }
    }

    /** Half a line at the end would swallow the next record. */
    private static void takeBack(FileChannel file, long size, IOException failure) {
        try {
            file.truncate(size);
        } catch (IOException notEvenThat) {
            failure.addSuppressed(notEvenThat);
        }
    }

    private void putAside() throws IOException {
        for (int number = limits.filesMax() - 1; number >= 1; number--) {
            Path older = number == 1 ? path : aside(number - 1);
            if (Files.exists(older)) {
                Files.move(older, aside(number), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.deleteIfExists(path);
    }

    private Path aside(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }
}

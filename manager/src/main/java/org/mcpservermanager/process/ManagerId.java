package org.mcpservermanager.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** Which manager a process belongs to: made once for a state directory, and kept in it. */
public record ManagerId(UUID value) {
    /** The caller holds the {@link StateLock}. */
    static ManagerId of(StateLock lock) throws IOException {
        Path file = lock.directory().resolve("manager.id");
        if (Files.exists(file)) {
            String text = Files.readString(file).strip();
            try {
                return new ManagerId(UUID.fromString(text));
            } catch (IllegalArgumentException malformed) {
                throw new IOException(
                        file
                                + " holds no id (expected: a UUID). Without it, processes of an earlier run cannot be recognized;"
                                + " end them by hand and delete the file.",
                        malformed);
            }
        }
        ManagerId made = new ManagerId(UUID.randomUUID());
        Path draft = lock.directory().resolve("manager.id.new");
        Files.writeString(draft, made + "\n");
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        return made;
    }

    @Override
    public String toString() {
        return value.toString();
    }
}

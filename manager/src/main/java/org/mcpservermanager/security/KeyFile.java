package org.mcpservermanager.security;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;

/** A secret in a file that only the owner can read, in a directory that only the owner can change. */
record KeyFile(Path path, Pattern form) {
    static final String REFUSED = "key_refused";
    private static final int BYTES_MAX = 256;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OTHERS_WRITE =
            EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    String readOrCreate(Supplier<String> generator) {
        return reading(() -> {
            prepareDirectory();
            if (!Files.exists(path, NOFOLLOW_LINKS)) {
                create(generator.get());
            }
            return read();
        });
    }

    Optional<String> readIfThere() {
        return reading(() -> {
            prepareDirectory();
            return Files.exists(path, NOFOLLOW_LINKS) ? Optional.of(read()) : Optional.empty();
        });
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException;
    }

    private <T> T reading(Reading<T> reading) {
        try {
            return reading.read();
        } catch (IOException e) {
            throw refusal(
                    "unreadable: " + e,
                    "Make the directory writable for the user that runs the manager, then restart it.",
                    e);
        } catch (UnsupportedOperationException e) {
            throw refusal(
                    "on a file system without owners and permissions",
                    "Put the state directory on a POSIX file system.",
                    e);
        }
    }

    private void prepareDirectory() throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        FileAttribute<?> permissions = PosixFilePermissions.asFileAttribute(OWNER_DIRECTORY);
        Files.createDirectories(directory, permissions);
        PosixFileAttributes found = Files.readAttributes(directory, PosixFileAttributes.class);
        if (found.permissions().stream().anyMatch(OTHERS_WRITE::contains)) {
            throw refusal(
                    "in a directory that others can write to (" + PosixFilePermissions.toString(found.permissions())
                            + ", expected: rwx------)",
                    "Run: chmod 700 '" + directory + "', delete the key, and restart to get a new one.",
                    null);
        }
    }

    /** A link, not a move: of two managers that boot at once, the second must find the key of the first. */
    private void create(String key) throws IOException {
        Path temporary = path.resolveSibling(path.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try (FileChannel out = FileChannel.open(
                    temporary, Set.of(CREATE_NEW, WRITE), PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
                ByteBuffer bytes = ByteBuffer.wrap((key + "\n").getBytes(StandardCharsets.US_ASCII));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.createLink(path, temporary);
        } catch (FileAlreadyExistsException e) {
            // Another manager was faster; its key is read like any other and checked the same way.
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private String read() throws IOException {
        PosixFileAttributes found = Files.readAttributes(path, PosixFileAttributes.class, NOFOLLOW_LINKS);
        if (!found.isRegularFile()) {
            throw refusal("not a regular file", "Delete it and restart the manager to get a new key.", null);
        }
        if (!OWNER_ONLY.containsAll(found.permissions())) {
            throw refusal(
                    "open to others (" + PosixFilePermissions.toString(found.permissions()) + ", expected: rw-------)",
                    "Others may know the key: delete the file and restart the manager to get a new one.",
                    null);
        }
        requireOwnUser();
        if (found.size() > BYTES_MAX) {
            throw malformed();
        }
        String key = Files.readString(path, StandardCharsets.ISO_8859_1).strip();
        if (!form.matcher(key).matches()) {
            throw malformed();
        }
        return key;
    }

    private void requireOwnUser() throws IOException {
        Path self = Path.of("/proc/self");
        if (!Files.exists(self)) {
            return;
        }
        Object owner = Files.getAttribute(path, "unix:uid", NOFOLLOW_LINKS);
        Object us = Files.getAttribute(self, "unix:uid");
        if (!owner.equals(us)) {
            throw refusal(
                    "owned by user id " + owner + " (expected: " + us + ", the user that runs the manager)",
                    "Delete it and restart the manager to get a new key.",
                    null);
        }
    }

    private ProblemException malformed() {
        return refusal(
                "not a key (expected: text of the form " + form + ")",
                "Delete it and restart the manager to get a new key.",
                null);
    }

    private ProblemException refusal(String why, String remedy, Throwable cause) {
        return new ProblemException(new Problem(REFUSED, "Key file '" + path + "' is " + why + ".", remedy), cause);
    }
}

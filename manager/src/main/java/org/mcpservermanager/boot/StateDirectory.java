package org.mcpservermanager.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The manager's directory: nobody else may look inside. */
final class StateDirectory {
    private final Path path;

    private StateDirectory(Path path) {
        this.path = path;
    }

    static StateDirectory open(Path path) {
        try {
            Files.createDirectories(path);
            if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
            }
            return new StateDirectory(path);
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    "cannot use the state directory " + path + " (mcp.manager.state-dir): " + failure, failure);
        }
    }

    Path path() {
        return path;
    }

    Path servers() {
        return path.resolve("servers");
    }

    /** Puts a resource of the application beside the state, so that another JVM can run it. */
    Path extract(String resource, String fileName) {
        Path target = path.resolve("demo").resolve(fileName);
        try (InputStream in = StateDirectory.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the application has no " + resource + "; it was not built completely");
            }
            Files.createDirectories(target.getParent());
            Path fresh = Files.createTempFile(target.getParent(), fileName, ".new");
            Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
            return Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write " + target, failure);
        }
    }
}

package org.mcpservermanager.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Where a configuration stands: what relative paths and {@code ~} mean in it. */
final class Place {
    private final String home;
    private final String directory;

    private Place(String home, String directory) {
        this.home = home;
        this.directory = directory;
    }

    static Place in(Path home, Path directory) {
        return new Place(home.toString(), directory.toAbsolutePath().toString());
    }

    /** No directory to start from: relative paths are refused. */
    static Place nowhere(Path home) {
        return new Place(home.toString(), "");
    }

    /** Empty when the path is relative and there is no directory, or it is not a path at all. */
    Optional<String> absolute(String path) {
        try {
            Path expanded = Path.of(expanded(path));
            if (expanded.isAbsolute()) {
                return Optional.of(expanded.normalize().toString());
            }
            return directory.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            Path.of(directory).resolve(expanded).normalize().toString());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private String expanded(String path) {
        return path.equals("~") || path.startsWith("~/") ? home + path.substring(1) : path;
    }
}

package org.mcpservermanager.boot;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Loads all our classes ahead of their use. When Payara Micro gets a SIGTERM it deletes the unpacked application while it is still
 * being ended, and what only the end needs could not be loaded any more.
 */
final class Preload {
    private static final Logger LOG = Logger.getLogger(Preload.class.getName());
    private static final String ROOT = "org.mcpservermanager.";
    private static final String SUFFIX = ".class";

    private Preload() {}

    /** @return how many were there; 0 where the application is not unpacked, and so is not deleted either */
    static int allClasses() {
        URL own = Preload.class.getResource("Preload.class");
        if (own == null || !own.getProtocol().equals("file")) {
            return 0;
        }
        try {
            Path directory = Path.of(own.toURI()).getParent().getParent();
            List<String> names = names(directory);
            for (String name : names) {
                Class.forName(name, false, Preload.class.getClassLoader());
            }
            return names.size();
        } catch (IOException | URISyntaxException | ClassNotFoundException | LinkageError failure) {
            LOG.log(
                    Level.WARNING,
                    "classes could not be loaded ahead; the end of the manager may be less graceful",
                    failure);
            return 0;
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(file -> directory.relativize(file).toString())
                    .filter(name -> name.endsWith(SUFFIX) && !name.contains("package-info"))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .map(name -> ROOT + name.replace('/', '.').replace('\\', '.'))
                    .toList();
        }
    }
}

package org.mcpservermanager.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Where this manager ever made enclosures that may outlive it, on disk, for the next start. */
final class Traces {
    static final String CGROUP = "cgroup ";
    static final String RUNTIME = "runtime ";
    private static final Logger LOG = Logger.getLogger(Traces.class.getName());
    private final Path file;
    /** Guarded by this; the lock is held while writing a line, which happens once for each place. */
    private final Set<String> lines;

    private Traces(Path file, Set<String> lines) {
        this.file = file;
        this.lines = lines;
    }

    static Traces open(Path directory) throws IOException {
        Path file = directory.resolve("enclosures");
        Set<String> lines = new LinkedHashSet<>();
        if (Files.exists(file)) {
            lines.addAll(Files.readAllLines(file, StandardCharsets.UTF_8));
        }
        return new Traces(file, lines);
    }

    synchronized Set<String> of(String kind) {
        Set<String> places = new LinkedHashSet<>();
        lines.stream().filter(line -> line.startsWith(kind)).forEach(line -> places.add(line.substring(kind.length())));
        return places;
    }

    synchronized void add(String kind, String place) {
        if (lines.add(kind + place)) {
            try {
                Files.writeString(file, kind + place + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException failure) {
                lines.remove(kind + place);
                LOG.log(
                        Level.WARNING,
                        file + " cannot be written: should this JVM be killed, the next start does not"
                                + " look for what is left in " + place,
                        failure);
            }
        }
    }
}

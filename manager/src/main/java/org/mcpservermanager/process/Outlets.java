package org.mcpservermanager.process;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** Files for what those processes print that shall outlive the manager: a pipe would break with it, and end who writes on. */
record Outlets(Path directory) {
    private static final Logger LOG = Logger.getLogger(Outlets.class.getName());
    private static final String OUT = ".out";
    private static final String ERR = ".err";

    /** Where no file can be made, what it prints is lost, and it runs. */
    void redirect(ProcessBuilder builder, Marker marker) {
        try {
            Files.createDirectories(directory);
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(made(marker, OUT)))
                    .redirectError(ProcessBuilder.Redirect.appendTo(made(marker, ERR)));
        } catch (IOException failure) {
            LOG.log(Level.WARNING, "what " + marker + " prints is not kept: no file can be made for it", failure);
            builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
        }
    }

    private File made(Marker marker, String kind) throws IOException {
        return Files.createFile(file(marker, kind)).toFile();
    }

    private Path file(Marker marker, String kind) {
        return directory.resolve(marker.value() + kind);
    }

    InputStream out(Marker marker, CompletableFuture<?> ended) {
        return Followed.of(file(marker, OUT), ended);
    }

    InputStream err(Marker marker, CompletableFuture<?> ended) {
        return Followed.of(file(marker, ERR), ended);
    }

    /** Whoever follows them reads on to their end. */
    void remove(Marker marker) {
        removeIf(marker.value()::equals);
    }

    /** @param wanted tells by the value of its marker whether there is such a process */
    void keepOnly(Predicate<String> wanted) {
        removeIf(wanted.negate());
    }

    private void removeIf(Predicate<String> unwanted) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (unwanted.test(owner(file.getFileName().toString()))) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException failure) {
            LOG.log(Level.WARNING, "files in " + directory + " could not be removed", failure);
        }
    }

    private static String owner(String name) {
        for (String kind : List.of(OUT, ERR)) {
            int end = name.lastIndexOf(kind);
            if (end > 0) {
                return name.substring(0, end);
            }
        }
        return name;
    }
}

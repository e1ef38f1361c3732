package org.mcpservermanager.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** The inputs that are kept, under {@code src/test/fuzz}: what is typical, and what once broke something. */
final class Corpus {
    private final Path folder;
    private final String target;

    Corpus(String target) {
        String base = System.getProperty("basedir");
        Path home = base == null ? Path.of("").toAbsolutePath() : Path.of(base);
        this.folder = home.resolve("src/test/fuzz").resolve(target);
        this.target = target;
    }

    List<byte[]> inputs() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().map(Corpus::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the kept inputs of " + target, e);
        }
    }

    /** Where an input that broke something was put; it belongs into the corpus once the defect is gone. */
    Path keep(byte[] input) {
        try {
            Path found = Files.createDirectories(
                    folder.resolve("../../../../target/fuzz").normalize());
            String name = target + "-" + HexFormat.of().toHexDigits(java.util.Arrays.hashCode(input));
            return Files.write(found.resolve(name), input);
        } catch (IOException e) {
            throw new UncheckedIOException("keeping an input of " + target, e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
